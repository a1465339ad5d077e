"""The pages of compliance, and its files."""

from calendar import day_abbr
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone

from assurance.compliance import ward_months, ward_report
from assurance.compliance_export import table_of
from assurance.page_forms import KINDS, ExportForm, MonthForm
from assurance.pages import SyncPages
from audit.events import record
from tasks.models import AuditType
from wards import downloads
from wards.scoped_admin import acting, signed_in


class CompliancePages(SyncPages):
    """What the class of the sync events adds to Django's pages."""

    def own_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "assurance_compliance"
        return [
            *super().own_urls(),
            path("compliance/", view(self.compliance_view), name=name),
            path("compliance/export/", view(self.export_view), name=f"{name}_export"),
        ]

    def compliance_view(self, request: HttpRequest) -> HttpResponse:
        """A ward's month with its calendar and the year before, or all wards at a glance."""
        self.check_may_see(request)
        asked = {"month": f"{timezone.localdate():%Y-%m}", **request.GET.dict()}
        form = MonthForm(asked, user=signed_in(request))
        if not form.is_valid():
            return self._compliance_page(request, form=form)
        self._record(request, "compliance.view", form)
        ward, month, now = form.cleaned_data["ward"], form.cleaned_data["month"], timezone.now()
        if ward:
            report = ward_report(ward, month, now)
            return self._compliance_page(request, form=form, month=month, report=report)
        wards = ward_months(form.wards(), month, now)
        return self._compliance_page(request, form=form, month=month, wards=wards)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """A month's audits as a file."""
        self.check_may_see(request)
        form = ExportForm(request.GET, user=signed_in(request))
        if not form.is_valid():
            raise BadRequest
        month, kind = form.cleaned_data["month"], form.cleaned_data["kind"]
        self._record(request, "compliance.export", form, kind=kind)
        ward = form.cleaned_data["ward"]
        name = f"audits-{ward.slug}-{month:%Y-%m}" if ward else f"audits-{month:%Y-%m}"
        if kind == "pdf":
            return downloads.paper(self._paper(request, form, month), name=name)
        rows = table_of(form.wards(), month, timezone.now())
        return downloads.table(rows, name=name, kind=kind)

    def _paper(self, request: HttpRequest, form: ExportForm, month: date) -> str:
        now = timezone.now()
        context = {
            "wards": ward_months(form.wards(), month, now),
            "month": month,
            "made_at": now,
            "by": acting(request).name,
        }
        return render_to_string("assurance/compliance_pdf.jinja", context)

    def _record(self, request: HttpRequest, action: str, form: MonthForm, **more: Any) -> None:
        wards = [ward.name for ward in form.wards()]
        month = f"{form.cleaned_data['month']:%Y-%m}"
        record(by=acting(request), action=action, detail={"month": month, "wards": wards, **more})

    def _compliance_page(self, request: HttpRequest, **more: object) -> HttpResponse:
        return self.own_page(
            request,
            "compliance.html",
            title="Compliance",
            types=AuditType,
            kinds=KINDS,
            weekdays=list(day_abbr),
            **more,
        )

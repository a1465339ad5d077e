"""The pages of a day's reconciliation, and of the evidence of one audit."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from assurance.evidence import evidence_of
from assurance.page_forms import DayForm
from assurance.pages import SyncPages
from assurance.reconciliation import reconcile, yesterday
from audit.events import record
from tasks.shifts import ONE_DAY
from wards.scoped_admin import acting, signed_in


class ReconciliationPages(SyncPages):
    """What the class of the sync events adds to Django's pages."""

    def own_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "assurance"
        return [
            *super().own_urls(),
            path("reconciliation/", view(self.reconciliation_view), name=f"{name}_reconciliation"),
            path("evidence/<int:task>/", view(self.evidence_view), name=f"{name}_evidence"),
        ]

    def reconciliation_view(self, request: HttpRequest) -> HttpResponse:
        """A day's expected audits against those received; yesterday's, if none is chosen."""
        self.check_may_see(request)
        now = timezone.now()
        asked = {"day": yesterday(now).isoformat(), **request.GET.dict()}
        form = DayForm(asked, user=signed_in(request))
        if not form.is_valid():
            return self._reconciliation_page(request, form=form)
        day, wards = form.cleaned_data["day"], form.wards()
        reports = reconcile(wards, day, now)
        detail = {"day": day.isoformat(), "wards": [ward.name for ward in wards]}
        record(by=acting(request), action="reconciliation.view", detail=detail)
        return self._reconciliation_page(
            request,
            form=form,
            day=day,
            reports=reports,
            before=day - ONE_DAY,
            after=day + ONE_DAY if day < timezone.localdate(now) else None,
        )

    def evidence_view(self, request: HttpRequest, task: int) -> HttpResponse:
        """The task of an audit, who did what to it when, and what the dashboard told."""
        self.check_may_see(request)
        evidence = evidence_of(task, signed_in(request))
        record(
            by=acting(request),
            action="evidence.view",
            object_type="task",
            object_id=evidence.task.public_id,
            ward=evidence.task.ward.name,
        )
        return self.own_page(
            request, "evidence.html", title="Evidence", subtitle=evidence.task, evidence=evidence
        )

    def _reconciliation_page(self, request: HttpRequest, **more: object) -> HttpResponse:
        return self.own_page(request, "reconciliation.html", title="Reconciliation", **more)

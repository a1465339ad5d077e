"""The admin of patients' stays: to look at, and to import and export; Max and Max+ only."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localdate

from audit.events import record
from wards import downloads, exports, imports, spreadsheets
from wards.features import Feature
from wards.import_check import Checked, Fate, are_there, check
from wards.import_forms import CONFIRMED_FOR, ExportForm, UploadForm, confirmed, packed
from wards.import_rows import COLUMNS, Cells, rows_of
from wards.models import Role, Stay
from wards.object_history import Entry, of_stay
from wards.scoped_admin import InScopeFilter, ScopedAdmin, acting, signed_in
from wards.spreadsheets import UnreadableFile
from wards.viewing import record_view

ALREADY = "These patients are admitted already: nothing was imported a second time."
CHANGED = (
    "Nothing was imported, for the wards have changed since the check. This is how it stands now."
)


@admin.register(Stay)
class StayAdmin(ScopedAdmin[Stay]):
    """Stays of the wards that the person runs; each list and page is a read in the audit log.

    There is no search box, for its words would stand in addresses: every page of the wards has one.
    """

    feature = Feature.PATIENTS
    seen_by = Role.WARD_ADMIN

    shown_fields = [
        "patient_name",
        "nhs_number",
        "ward",
        "place",
        "status",
        "legal_status",
        "legal_status_since",
        "named_nurse",
        "consultant",
        "admitted_at",
        "expected_discharge_on",
        "discharged_at",
    ]
    list_display = ["patient_name", "ward", "place", "status", "legal_status", "admitted_at"]
    list_filter = [("ward", InScopeFilter), "status"]
    list_select_related = ["patient", "ward", "bed__room", "named_nurse"]

    @admin.display(description="patient")
    def patient_name(self, stay: Stay) -> str:
        return stay.patient.name

    @admin.display(description="bed")
    def place(self, stay: Stay) -> str:
        return stay.place

    @admin.display(description="NHS number")
    def nhs_number(self, stay: Stay) -> str:
        return stay.patient.nhs_number_in_words

    def history_of(self, request: HttpRequest, row: Stay) -> list[Entry]:
        return of_stay(row)

    def view_on_site(self, row: Stay) -> str | None:
        return reverse("patient", args=[row.patient_id]) if row.is_open else None

    def get_fields(self, request: HttpRequest, obj: Stay | None = None) -> Any:
        return [name for name in self.shown_fields if obj is None or not obj.ward.hides(name)]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": "Patients and stays"}
        page = super().changelist_view(request, title | (extra_context or {}))
        if isinstance(page, TemplateResponse) and page.context_data:
            shown = [stay.patient_id for stay in page.context_data["cl"].result_list]
            record(by=acting(request), action="stays.view", detail={"patients": shown})
        return page

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Stay | None:
        """As Django's, and a view of the patient in the audit log: every page of a row asks it."""
        stay = super().get_object(request, object_id, from_field)
        if stay:
            record_view(stay.patient_id, ward=stay.ward, by=acting(request))
        return stay

    def own_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "import": self.import_view,
            "import/template": self.template_view,
            "export": self.export_view,
        }
        return [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"stays_{name}")
            for name, view in views.items()
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and show what would become of each row; then, confirmed, admit them."""
        self._check_may_see(request)
        if request.method != "POST":
            return self._import_page(request, UploadForm())
        if "rows" in request.POST:
            return self._confirm(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._import_page(request, form)
        try:
            rows = rows_of(spreadsheets.read(form.cleaned_data["file"].read()))
        except UnreadableFile as error:
            form.add_error("file", str(error))
            return self._import_page(request, form)
        return self._checked_page(request, rows, check(rows, user=signed_in(request)))

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        """Admit the patients of a file that was checked; or say why nothing was done."""
        user = signed_in(request)
        pack = confirmed(request.POST["rows"], user=user)
        if pack is None:
            form = UploadForm()
            text = f"The check is more than {CONFIRMED_FOR} old: choose the file again."
            messages.warning(request, f"Nothing was imported. {text}")
            return self._import_page(request, form)
        rows, shown = pack
        try:
            stays = imports.import_patients(rows, shown=shown, by=acting(request), user=user)
        except imports.FatesChanged:
            now = check(rows, user=user)
            messages.warning(request, ALREADY if are_there(shown, now=now) else CHANGED)
            return self._checked_page(request, rows, now)
        count = len(stays)
        word = "patient is" if count == 1 else "patients are"
        messages.success(request, f"{count} {word} admitted.")
        return redirect("admin:wards_stay_changelist")

    def _import_page(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        return self.own_page(
            request,
            "import.html",
            title="Import patients",
            form=form,
            columns=COLUMNS.values(),
            most=spreadsheets.MOST_ROWS,
        )

    def _checked_page(
        self, request: HttpRequest, rows: dict[int, Cells], checked: list[Checked]
    ) -> HttpResponse:
        imports.record_check(checked, by=acting(request))
        return self.own_page(
            request,
            "import_check.html",
            title="Check the import",
            checked=checked,
            counts=_in_words(checked),
            admitted=sum(one.fate == Fate.ADMIT for one in checked),
            rows=packed(rows, checked, user=signed_in(request)),
        )

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """A file with the headings that an import takes."""
        self._check_may_see(request)
        return downloads.table([list(COLUMNS.values())], name="patients-template", kind="xlsx")

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Patients or stays of the person's wards as a file."""
        self._check_may_see(request)
        data = request.POST if request.method == "POST" else None
        form = ExportForm(data, user=signed_in(request))
        if not form.is_valid():
            return self.own_page(request, "export.html", title="Export", form=form)
        what, kind = form.cleaned_data["what"], form.cleaned_data["kind"]
        write = {"patients": exports.patients_on, "stays": exports.stays_on}[what]
        rows = write(form.wards(), by=acting(request))
        return downloads.table(rows, name=f"{what}-{localdate():%Y-%m-%d}", kind=kind)

    def _check_may_see(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _in_words(checked: list[Checked]) -> str:
    """Return how many rows have which fate: `3 would be admitted, 1 refused`."""
    fates = [one.fate for one in checked]
    return ", ".join(f"{fates.count(fate)} {fate}" for fate in Fate if fate in fates)

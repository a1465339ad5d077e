"""The forms of import and export, and how a checked file comes back to be confirmed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from wards.import_check import Checked, Fate, run_by
from wards.import_rows import Cells
from wards.models import User, Ward
from wards.spreadsheets import MOST_BYTES

CONFIRMED_FOR = "an hour"
CONFIRMED_WITHIN = timedelta(hours=1)


class UploadForm(forms.Form):
    """A file of patients; larger ones than the limit do not arrive at all."""

    file = forms.FileField(
        label="CSV or XLSX file",
        allow_empty_file=True,
        error_messages={"required": "Choose a CSV or XLSX file of at most 1 MB."},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise forms.ValidationError("Choose a CSV or XLSX file of at most 1 MB.")
        return file


class ExportForm(forms.Form):
    """What is exported, of which wards, as which kind of file."""

    what = forms.ChoiceField(
        label="What",
        choices=[
            ("patients", "Patients who are on the ward now"),
            ("stays", "All stays, also those that have ended"),
        ],
    )
    ward = forms.ModelChoiceField(
        Ward.objects.none(), required=False, empty_label="All wards that I run"
    )
    kind = forms.ChoiceField(label="File", choices=[("xlsx", "Excel (XLSX)"), ("csv", "CSV")])

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.run = run_by(user)
        self.fields["ward"].queryset = self.run  # type: ignore[attr-defined]

    def wards(self) -> QuerySet[Ward]:
        """Return the chosen ward, or all that the person runs."""
        ward = self.cleaned_data["ward"]
        return self.run.filter(pk=ward.pk) if ward else self.run


def packed(rows: Mapping[int, Cells], checked: list[Checked], *, user: User) -> str:
    """Return the rows and their fates as a signed text for the page: no copy stays anywhere."""
    fates = [[one.line, one.name, one.fate, one.sentence] for one in checked]
    return signing.dumps([list(rows.items()), fates], salt=_salt(user), compress=True)


def confirmed(text: str, *, user: User) -> tuple[dict[int, Cells], list[Checked]] | None:
    """Return what `packed` was given; `None` if it is too old, another person's, or altered."""
    try:
        rows, fates = signing.loads(text, salt=_salt(user), max_age=CONFIRMED_WITHIN)
    except signing.BadSignature:
        return None
    shown = [Checked(line, name, Fate(fate), sentence) for line, name, fate, sentence in fates]
    return dict(rows), shown


def _salt(user: User) -> str:
    return f"wards.import.{user.pk}"

"""When a ward is reminded of what legal status asks for, as one table."""

from typing import Any

from django import forms

from tasks import legal_work
from tasks.models import LegalWorkSettings
from wards.models import Ward
from wards.ward_pages import Row, WardSettingsForm

MOST_DAYS = 366
ROWS = {
    "before_end_of_days": (
        "Sections of days: 2, 35, 36, 38",
        "days before the last day, the reminder is due",
    ),
    "before_end_of_months": (
        "Sections of six months: 3, 37, 47",
        "days before the last day, the reminder is due",
    ),
    "between_explanations": (
        "Rights, while somebody is detained",
        "days after they were explained, the next reminder is due; the first is due at once",
    ),
}
"""The words of each setting."""


class LegalWorkForm(WardSettingsForm):
    introduction = (
        "The diary reminds of the end of a section and of explaining a patient's rights. For a "
        "section of hours it is due at once. A change moves the reminders that are still to do."
    )
    columns = ("What", "When")

    def __init__(self, data: Any = None, *, ward: Ward) -> None:
        super().__init__(data, ward=ward)
        own = LegalWorkSettings.objects.filter(ward=ward).first() or LegalWorkSettings(ward=ward)
        for name, (heading, words) in ROWS.items():
            self.fields[name] = forms.IntegerField(
                label=f"{heading}, days",
                help_text=words,
                initial=getattr(own, name),
                min_value=1,
                max_value=MOST_DAYS,
                error_messages={"required": "Type a number of days."},
            )

    def rows(self) -> list[Row]:
        return [Row(heading, (self[name],)) for name, (heading, _) in ROWS.items()]

    def save(self) -> None:
        times = {name: self.cleaned_data[name] for name in ROWS}
        LegalWorkSettings.objects.update_or_create(ward=self.ward, defaults=times)
        legal_work.keep_up_ward(self.ward)

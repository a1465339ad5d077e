"""The Filter of GetPatientRecord (section GetPatientRecord)."""

from dataclasses import dataclass

from systmone.simulator.clock import read_date
from systmone.simulator.documents import Element, build, tag_of, text_of, texts_of
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.throttle import CATEGORIES

CATEGORY_OF_ITEM = {
    "Medication": "Medication",
    "RepeatMedication": "Medication",
    "DrugSensitivity": "Sensitivities",
    "Recall": "Recalls",
    "Referral": "Referrals",
    "Relationship": "Relationships",
    "Report": "Results",
    "Vaccination": "Vaccinations",
    "Reminder": "Reminders",
    "Activity": "Activity",
    "Attachment": "Attachments",
    "Letter": "Letters",
    "Narrative": "Narrative",
    "CarePlan": "CarePlans",
    "PatientPlan": "CarePlans",
    "Appointment": "Appointments",
    "Visit": "Visits",
    "Task": "Tasks",
}
NON_CLINICAL = frozenset({"Appointments", "Visits", "Tasks"})
ENDS = ("EndDate", "ExpiryDate", "DateEnded")
DATES = ("MinEffectiveDate", "MaxEffectiveDate", "MinEntryDate", "MaxEntryDate")
LAST_DAY = "9999-12-31"


@dataclass(frozen=True)
class Filter:
    """What of a record is wanted; without any category, everything is."""

    categories: frozenset[str]
    codes: frozenset[str]
    numeric_codes: frozenset[str]
    users: frozenset[str]
    dates: dict[str, str]

    @classmethod
    def read(cls, element: Element | None) -> "Filter":
        """Read the Filter element; None is a filter that keeps everything."""
        element = build("Filter") if element is None else element
        try:
            dates = {tag: read_date(text) for tag in DATES if (text := text_of(element, tag))}
        except ValueError:
            raise RefusedPermanently("A date in the Filter is not valid") from None
        return cls(
            categories=frozenset(tag_of(child) for child in element) & CATEGORIES,
            codes=frozenset(texts_of(element, "ClinicalCode")),
            numeric_codes=frozenset(texts_of(element, "Numeric")),
            users=frozenset(texts_of(element, "UserNameDoneBy")),
            dates=dates,
        )

    @property
    def wants_clinical(self) -> bool:
        """Say whether any category of clinical content is wanted."""
        return not self.categories or bool(self.categories - NON_CLINICAL - {"Demographics"})

    @property
    def wants_non_clinical(self) -> bool:
        """Say whether appointments, visits or tasks are wanted."""
        return not self.categories or bool(self.categories & NON_CLINICAL)

    def wants(self, category: str) -> bool:
        """Say whether this category is wanted."""
        return not self.categories or category in self.categories

    def keeps_event(self, event: Element) -> bool:
        """Say whether an event was entered when and by whom the filter wants it."""
        user = event.get("UserName")
        if self.users and user and user not in self.users:
            return False
        return self._entered_in_time(event)

    def keeps_item(self, item: Element, event: Element) -> bool:
        """Say whether an item of an event is of a wanted category and effective in time."""
        if item.tag == "LinkedProblemUID":
            return True
        if item.tag == "ClinicalCode":
            is_wanted = self._wants_code(item)
        else:
            is_wanted = self.wants(CATEGORY_OF_ITEM.get(tag_of(item), tag_of(item)))
        return is_wanted and self._effective(item, event.get("DateTime", "")[:10])

    def keeps_what_is_left(self, event: Element) -> bool:
        """Say whether an event is worth showing after its unwanted items have gone."""
        if any(item.tag != "LinkedProblemUID" for item in event):
            return True
        # An administrative event has no items of its own and belongs to no category.
        return not self.categories and self._effective(event, event.get("DateTime", "")[:10])

    def keeps_non_clinical(self, item: Element) -> bool:
        """Say whether an appointment, visit or task is wanted; nothing tells who recorded it."""
        day = text_of(item, "DateTime")[:10]
        return (
            self.wants(CATEGORY_OF_ITEM[tag_of(item)])
            and self._entered_in_time(item)
            and day <= self.dates.get("MaxEffectiveDate", LAST_DAY)
            and (item.tag == "Task" or day >= self.dates.get("MinEffectiveDate", ""))
        )

    def _entered_in_time(self, element: Element) -> bool:
        day = element.get("entered", "")[:10]
        first, last = self.dates.get("MinEntryDate", ""), self.dates.get("MaxEntryDate", LAST_DAY)
        return first <= day <= last

    def _wants_code(self, item: Element) -> bool:
        if self.wants("ClinicalCodes"):
            return True
        code = item.find("Code")
        value = "" if code is None else code.get("Code")
        is_reading = item.find("Value") is not None
        return value in self.codes or (is_reading and value in self.numeric_codes)

    def _effective(self, item: Element, start: str) -> bool:
        """Most items hold for ever from their date; some say when they end."""
        ends = [text[:10] for tag in ENDS if (text := text_of(item, tag))]
        end = min(ends, default=LAST_DAY)
        first = self.dates.get("MinEffectiveDate", "")
        last = self.dates.get("MaxEffectiveDate", LAST_DAY)
        return start <= last and end >= first

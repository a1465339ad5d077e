"""Beginnings for case notes, as wards have them; for all wards of the demo."""

from wards.models import NoteTemplate

TEMPLATES = {
    "Night": (
        "Night note, $date, $ward, $bed\n\n"
        "Slept from … to …\nPresentation:\nRisk:\nPhysical health:\nPlan for the day:"
    ),
    "One-to-one": (
        "One-to-one with $patient, $date, $time\n\n"
        "Mood and presentation:\nWhat was talked about:\nRisk:\nWhat we agreed:"
    ),
    "Phone call with the family": (
        "Phone call, $date, $time\n\n"
        "With whom, and what the patient agreed may be said:\nWhat was talked about:\nTo do next:"
    ),
}


def create_note_templates() -> None:
    """Store those that are missing."""
    for name, text in TEMPLATES.items():
        NoteTemplate.objects.get_or_create(ward=None, name=name, defaults={"text": text})

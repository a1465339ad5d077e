"""Demographics: an update names only what it changes (section UpdatePatientRecord)."""

from copy import deepcopy

from systmone.simulator.coding import as_native
from systmone.simulator.documents import Element, build, set_text, tag_of
from systmone.simulator.functions.additions import Additions
from systmone.simulator.refusals import RefusedPermanently

ORDER = (
    "Title",
    "FirstName",
    "MiddleNames",
    "Surname",
    "KnownAs",
    "DateOfBirth",
    "Sex",
    "MaritalStatus",
    "Ethnicity",
    "MainLanguage",
    "EnglishSpeaker",
    "Address",
    "HomeTelephone",
    "WorkTelephone",
    "MobileTelephone",
    "AlternateTelephone",
    "EmailAddress",
    "SMSConsent",
    "UsualGPUserName",
    "CareStartDate",
    "RegistrationType",
)
CODED = ("MaritalStatus", "Ethnicity", "MainLanguage")


def change_demographics(additions: Additions, changes: Element) -> None:
    """Change the fields that are given, and leave all others as they are."""
    if not len(changes):
        raise RefusedPermanently("Demographics: there is nothing to change")
    demographics = additions.part("Demographics")
    for change in changes:
        if change.tag not in ORDER:
            raise RefusedPermanently(f"Demographics: {tag_of(change)} is not known")
        _change(additions, demographics, change)
    demographics[:] = sorted(demographics, key=lambda field: ORDER.index(tag_of(field)))


def _change(additions: Additions, demographics: Element, change: Element) -> None:
    tag = tag_of(change)
    field = demographics.find(tag)
    if field is None:
        field = build(tag)
        demographics.append(field)
    if tag == "Address":
        for line in change:
            set_text(field, tag_of(line), (line.text or "").strip())
    elif tag in CODED:
        as_native(change, additions.call.unit)
        field[:] = deepcopy(list(change))
    else:
        field.text = (change.text or "").strip() or None

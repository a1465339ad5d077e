"""Events: what an update adds to the clinical record (sections "Update Example")."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal, InvalidOperation

from systmone.simulator.clock import read_moment
from systmone.simulator.coding import as_native
from systmone.simulator.documents import Element, build, tag_of, text_of
from systmone.simulator.functions.additions import Additions, required
from systmone.simulator.functions.filtering import CATEGORY_OF_ITEM
from systmone.simulator.refusals import RefusedPermanently

DIRECTIONS = ("Incoming", "Outgoing", "Other")
ITEMS = frozenset(CATEGORY_OF_ITEM) - {"Appointment", "Visit", "Task", "Referral"}


def add_event(additions: Additions, requested: Element) -> str:
    """Add an event to the record, and return its EventUID."""
    event = _event(additions, requested)
    for item in deepcopy(requested):
        additions.check_problems(item)
        if item.tag in ITEMS or item.tag in ("ClinicalCode", "LinkedProblemUID"):
            as_native(item, additions.call.unit)
            PREPARED.get(tag_of(item), _as_it_is)(additions, item)
            item.tail = None
            event.append(item)
        else:
            raise RefusedPermanently(f"An Event cannot hold {tag_of(item)}")
    if not len(event):
        raise RefusedPermanently("An Event must hold something")
    additions.part("Clinical").append(event)
    return event.get("EventUID", "")


def administrative_event(additions: Additions) -> str:
    """Add the event that SystmOne makes of a demographics change; return its EventUID."""
    event = _event(additions, build("Event"))
    additions.part("Clinical").append(event)
    return event.get("EventUID", "")


def _event(additions: Additions, requested: Element) -> Element:
    user_name = requested.get("UserName", "")
    user_name = text_of(additions.user(user_name), "UserName")
    site = text_of(additions.call.unit.current_site, "Name")
    try:
        when = read_moment(requested.get("DateTime") or additions.entered)
    except ValueError:
        raise RefusedPermanently("The Event's DateTime is not valid") from None
    event = build(
        "Event",
        DateTime=when,
        UserName=user_name,
        DoneBy=requested.get("DoneBy") or additions.signed_name(user_name),
        DoneAt=requested.get("DoneAt") or site,
        Software=additions.call.request.device_version,
        EventUID=additions.call.unit.new_uid(),
    )
    if requested.get("Method"):
        event.set("Method", requested.get("Method", ""))
    if requested.get("LinkedReferralUID"):
        additions.check_referral(requested.get("LinkedReferralUID", ""))
        event.set("LinkedReferralUID", requested.get("LinkedReferralUID", ""))
    additions.mark(event)
    return event


def _as_it_is(additions: Additions, item: Element) -> None:
    """Most items are kept as they were sent."""


def _clinical_code(additions: Additions, item: Element) -> None:
    code = item.find("Code")
    if code is None:
        raise RefusedPermanently("ClinicalCode: Code is missing")
    value = item.find("Value")
    if value is not None:
        _check_number(value.text or "")
        if item.find("Units") is None:
            value.addnext(build("Units", _units_of(additions, code.get("Code", ""))))
    severity = item.find("ProblemSeverity")
    if severity is not None:
        severity.addnext(build("ProblemUID", additions.call.unit.new_uid()))


def _check_number(text: str) -> None:
    try:
        is_number = Decimal(text.strip()).is_finite()
    except InvalidOperation:
        is_number = False
    if not is_number:
        raise RefusedPermanently(f"The Value {text} is not a number")


def _units_of(additions: Additions, code: str) -> str:
    for known in additions.call.unit.part("NumericCodes"):
        if text_of(known, "Code") == code:
            return text_of(known, "Units")
    return ""


def _letter(additions: Additions, item: Element) -> None:
    has_recipient = any(
        text_of(item, path)
        for path in (
            "RecipientOrganisation",
            "RecipientName/FirstName",
            "RecipientName/Surname",
        )
    )
    if not has_recipient:
        raise RefusedPermanently("Letter: the recipient's name or organisation is missing")
    letter_type = required(item, "Type")
    if letter_type not in (*additions.call.unit.names("LetterTypes"), "Miscellaneous"):
        raise RefusedPermanently(f"Letter: the Type {letter_type} is not known")
    if required(item, "Direction") not in DIRECTIONS:
        raise RefusedPermanently("Letter: the Direction must be Incoming, Outgoing or Other")
    try:
        read_moment(required(item, "DateSentReceived"))
    except ValueError:
        raise RefusedPermanently("Letter: DateSentReceived is not valid") from None
    uid, *_ = additions.keep_document(required(item, "DocumentPath"))
    _replace(item, "DocumentPath", [build("DocumentUID", uid)])


def _attachment(additions: Additions, item: Element) -> None:
    if text_of(item, "URL"):
        return
    uid, path, size = additions.keep_document(required(item, "DocumentPath"))
    name, length = build("FileName", path.name), build("FileSize", f"{size} bytes")
    _replace(item, "DocumentPath", [name, length, build("DocumentUID", uid)])


def _narrative(additions: Additions, item: Element) -> None:
    if not any((line.text or "").strip() for line in item.iterfind("Line")):
        raise RefusedPermanently("Narrative: Line is missing")


def _replace(item: Element, tag: str, parts: list[Element]) -> None:
    old = item.find(tag)
    if old is not None:
        for part in reversed(parts):
            old.addnext(part)
        item.remove(old)


PREPARED: dict[str, Callable[[Additions, Element], None]] = {
    "ClinicalCode": _clinical_code,
    "Letter": _letter,
    "Attachment": _attachment,
    "Narrative": _narrative,
}

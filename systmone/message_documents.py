"""The documents of an attempt, for people who must see what was really sent and answered."""

from lxml import etree

from audit.events import record
from systmone.models import Attempt
from systmone.protocol.documents import parse
from systmone.protocol.errors import NotTheProtocol
from wards.actors import Actor
from wards.encryption import Sealed
from wards.viewing import record_view

SECRETS = ("APIKey", "DeviceID")
HIDDEN = "(not shown)"
MOST_SHOWN = 500_000  # letters


def readable(document: str) -> str:
    """Return `document` with a line for each element, and without what opens SystmOne."""
    if isinstance(document, Sealed):
        return "It cannot be read: HUB_ENCRYPTION_KEYS lacks the key."
    if not document:
        return ""
    try:
        root = parse(document.encode())
    except NotTheProtocol:
        return document[:MOST_SHOWN]  # what no request is, so it holds no key of ours
    for secret in root.iter(*SECRETS):
        secret.text = HIDDEN
    etree.indent(root)
    text = etree.tostring(root, encoding="unicode")
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}\n(shortened)"


def record_look(attempt: Attempt, *, by: Actor) -> None:
    """Note in the audit log that `by` sees the documents, and of which patient."""
    call, detail = attempt.call, {"call": str(attempt.call_id), "page": "SystmOne documents"}
    if call.patient_id and call.ward:
        record_view(call.patient_id, ward=call.ward, by=by, detail=detail)
        return
    record(
        by=by,
        action="call.documents",
        object_type="call",
        object_id=str(call.pk),
        ward=call.ward.name if call.ward else "",
        detail={**detail, "patient": call.patient_id},
    )

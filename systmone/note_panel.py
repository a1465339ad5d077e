"""How a case note stands in SystmOne, on the note's page."""

from collections.abc import Mapping
from typing import Any

from systmone.case_notes import call_of, withdrawal_of
from systmone.gateways import gateway_of
from systmone.models import Call, State
from systmone.words import told
from wards.features import Feature, feature_available
from wards.models import CaseNote, Stay

CANCEL_TEXTS = {
    State.QUEUED: ("Do not send it", "Do not delete it"),
    State.FAILED: ("Leave it unsent", "Leave it in SystmOne"),
}


def facts_of(note: CaseNote) -> Mapping[str, Any] | None:
    """Return what the panel shows of `note`; `None` where SystmOne has nothing to do with it."""
    if not feature_available(Feature.SYSTMONE):
        return None
    call = call_of(note)
    if call is None and _ward_has_no_gateway(note):
        return None
    withdrawal = withdrawal_of(call) if call else None
    shown = withdrawal or call
    return {
        "note_id": note.pk,
        "call": call,
        "withdrawal": withdrawal,
        "told": told(shown) if shown else "",
        "is_under_way": shown is not None and not shown.is_settled and shown.state != State.UNKNOWN,
        "may_push": not _is_amended(note) and (call is None or call.state == State.FAILED),
        "may_withdraw": (
            call is not None
            and call.state == State.SUCCEEDED
            and bool(call.uids)
            and (withdrawal is None or withdrawal.state == State.FAILED)
        ),
        "to_decide": shown if shown and shown.state == State.UNKNOWN else None,
        "to_cancel": shown if shown and shown.state in CANCEL_TEXTS else None,
        "cancel_text": cancel_text(shown) if shown else "",
        "attempt": shown.attempts.last() if shown else None,
    }


def cancel_text(call: Call) -> str:
    """Return what the button says that takes `call` back; empty: there is nothing to take back."""
    texts = CANCEL_TEXTS.get(State(call.state), ("", ""))
    return texts[call.withdraws_id is not None]


def _is_amended(note: CaseNote) -> bool:
    return CaseNote.objects.filter(amends=note).exists()


def _ward_has_no_gateway(note: CaseNote) -> bool:
    stay = Stay.objects.filter(patient=note.patient_id).latest("pk")
    return gateway_of(stay.ward) is None

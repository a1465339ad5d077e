"""The way into SystmOne of the audit log of a discharge.

A stay has one log there. Where a stay was reopened and its discharge confirmed again, the log that
SystmOne has is no longer true: it is deleted there first, by a person, and only then is the new one
sent, by a person too, whatever the ward has set.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from systmone import writing
from systmone.calls import About, CallChanged, cancel, replace
from systmone.models import Call, DischargeLogs, GatewayWard, State
from systmone.protocol.errors import InvalidRequest
from systmone.writing import NotPushed, Text, was_withdrawn
from wards import discharge_log
from wards.actors import Actor
from wards.features import Feature, feature_available
from wards.models import Discharge, Stay

EARLIER_LOG = (
    "SystmOne has the log of an earlier discharge of this stay, which was undone: delete that from "
    "SystmOne first, then push this one."
)
NO_LOG = "There is no log to push: the discharge was not confirmed in the Hub."


def text_of(stay: Stay) -> Text:
    """Return what SystmOne gets of the log of `stay`. Raises NotPushed if there is none."""
    confirmed = confirmed_discharge(stay)
    if stay.is_open or confirmed is None or confirmed.decided_by is None:
        raise NotPushed(NO_LOG)
    decided_at = confirmed.decided_at or timezone.now()
    log = discharge_log.read(stay, confirmed.decided_by)
    name, moment = confirmed.decided_by_name, timezone.localtime(decided_at)
    return Text(
        about=About(ward=stay.ward, patient=stay.patient, stay=stay),
        patient=stay.patient,
        body=f"Discharge audit log\n{log.text}\n",
        last_line=f"Discharge confirmed by {name} on {stay.ward.name}, {moment:%d %b %Y %H:%M}",
        done_at=decided_at,
        done_by=name,
        author=confirmed.decided_by,
    )


@transaction.atomic
def push(*, stay: Stay, by: Actor, at: datetime | None = None) -> Call:
    """Send the log of `stay`, once; again only after SystmOne has deleted the one before.

    Raises what `writing.write` raises.
    """
    at = at or timezone.now()
    ended = Stay.objects.select_for_update(no_key=True, of=("self",)).get(pk=stay.pk)
    present = call_of(ended)
    if present and was_withdrawn(present):
        replace(call=present, by=by, at=at)
    elif present and is_outdated(present, ended) and present.state != State.FAILED:
        raise NotPushed(EARLIER_LOG)
    return writing.write(text=text_of(ended), by=by, at=at)


def call_of(stay: Stay) -> Call | None:
    """Return the call that brings the log of `stay` to SystmOne, if there is one."""
    return writing.call_of(About(stay=stay))


def confirmed_discharge(stay: Stay) -> Discharge | None:
    """Return the confirmation by which `stay` ended last."""
    return stay.discharges.filter(outcome=Discharge.Outcome.CONFIRMED).first()


def is_outdated(call: Call, stay: Stay) -> bool:
    """Say whether `call` is of a discharge that was undone."""
    confirmed = confirmed_discharge(stay)
    if stay.is_open or confirmed is None or confirmed.decided_at is None:
        return True
    return call.created_at < confirmed.decided_at


def setting_of(stay: Stay) -> str:
    """Return what the stay's ward has set; off where it has no gateway."""
    served = GatewayWard.objects.filter(ward=stay.ward_id).first()
    return served.discharge_logs if served else DischargeLogs.OFF


def on_end(*, stay_id: int, by: Actor, at: datetime, **_: object) -> None:
    """Push the log where the ward has set so; what hinders that never hinders the discharge."""
    if not feature_available(Feature.SYSTMONE):
        return
    stay = Stay.objects.select_related("ward", "patient").get(pk=stay_id)
    if setting_of(stay) != DischargeLogs.PUSH:
        return
    try:
        push(stay=stay, by=by, at=at)
    except (NotPushed, InvalidRequest):
        pass  # the page of the log offers it, and says what hinders it


def on_reopening(*, stay_id: int, by: Actor, at: datetime, **_: object) -> None:
    """Take back a log that is surely not in SystmOne: the discharge was a mistake."""
    call = writing.call_of(About(stay=Stay(pk=stay_id)))
    if call and call.state in (State.QUEUED, State.FAILED):
        try:
            cancel(call=call, by=by, at=at)
        except CallChanged:
            pass  # it is just being sent: the patient's page tells of it

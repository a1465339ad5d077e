"""A person looks into SystmOne and waits; what they find lasts no longer than they need it.

It is forgotten when it was used, when its time is over, and when they sign out: what was looked for
and found goes from the database, and the call remains with who asked when, for the audit.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit.events import record
from systmone import lookup, writing
from systmone.calls import TIME_FOR_A_PERSON, About, ask, cancel, locked
from systmone.found import Found, found_in
from systmone.gateways import gateway_of
from systmone.lookup import NoGateway
from systmone.models import Attempt, Call, Gateway, Lookup, Priority, State
from systmone.protocol.functions import GetPatientRecord, PatientSearch
from systmone.protocol.functions.get_patient_record import DEMOGRAPHICS_ONLY
from systmone.protocol.values import Value
from systmone.requests import TEST_NUMBERS, answer_to, identity_in
from wards.access import wards_visible_to
from wards.actors import Actor, Source
from wards.models import Stay, User, Ward

KEPT_FOR = timedelta(minutes=10)
MOST_SHOWN = 50

HUB = Actor("Inpatient Hub", Source.SYSTMONE)


class CannotAsk(Exception):
    """SystmOne cannot be asked now; the sentence says why and what to do."""


class OtherNumber(Exception):
    """SystmOne answered about another number than it was asked for."""


@transaction.atomic
def look(
    *, ward: Ward, wanted: PatientSearch, session: str, by: Actor, at: datetime | None = None
) -> Lookup:
    """Search SystmOne for `wanted`, before all background work.

    Raises CannotAsk, or InvalidRequest for what SystmOne does not take.
    """
    at = at or timezone.now()
    check_speaks(gateway_of(ward), ward)
    try:
        call = lookup.search(ward=ward, wanted=wanted, by=by, at=at)
    except NoGateway as problem:
        raise CannotAsk(str(problem)) from None
    return _keep(call, session, by, at, ward=ward)


@transaction.atomic
def look_for(*, stay: Stay, session: str, by: Actor, at: datetime | None = None) -> Lookup:
    """Ask SystmOne who has the number of the patient of `stay`. Raises CannotAsk."""
    at = at or timezone.now()
    try:
        gateway = writing.gateway_for(stay.patient)
        identity = writing.identity_of(stay.patient)
    except writing.NotPushed as problem:
        raise CannotAsk(str(problem)) from None
    check_speaks(gateway, stay.ward)
    call = ask(
        gateway=gateway,
        request=GetPatientRecord(identity=identity, filter=DEMOGRAPHICS_ONLY),
        by=by,
        priority=Priority.PERSON_WAITS,
        within=TIME_FOR_A_PERSON,
        about=About(ward=stay.ward, patient=stay.patient),
        at=at,
    )
    return _keep(call, session, by, at, ward=stay.ward, patient=stay.patient)


def check_speaks(gateway: Gateway | None, ward: Ward) -> None:
    """Raise CannotAsk where nothing goes out through `gateway`: nobody should wait for that."""
    if gateway is None:
        raise CannotAsk(f"{ward} has no SystmOne gateway: ask a senior admin to set one up.")
    if not gateway.speaks:
        why = gateway.stopped_because or "the gateway is switched off."
        raise CannotAsk(f"SystmOne cannot be asked now: {why} Tell a senior admin.")


def own_lookups(request: HttpRequest, at: datetime | None = None) -> QuerySet[Lookup]:
    """Return what the person of `request` has looked up in this session, and may still see."""
    user = request.user
    session = request.session.session_key
    if not isinstance(user, User) or not session:
        return Lookup.objects.none()
    return Lookup.objects.filter(
        user=user,
        session=_hashed(session),
        ward__in=wards_visible_to(user),
        looked_at__gt=(at or timezone.now()) - KEPT_FOR,
    ).select_related("call__gateway", "ward", "patient")


def results(found_by: Lookup, by: Actor) -> Sequence[Found]:
    """Return whom `found_by` has found, and note in the audit log that `by` has seen them.

    Through a gateway for test patients, only these are found. Raises OtherNumber.
    """
    call = found_by.call
    answer = answer_to(call)
    found = found_in(answer) if answer is not None else []
    if found_by.patient_id and found:
        asked = identity_in(call)
        if found[0].number != (asked.nhs_number or asked.pseudo_number):
            raise OtherNumber
    if call.gateway.test_patients_only:
        found = [one for one in found if one.nhs_number.startswith(TEST_NUMBERS)]
    record(
        by=by,
        action="systmone.lookup",
        object_type="patient" if found_by.patient_id else "call",
        object_id=str(found_by.patient_id or call.pk),
        ward=found_by.ward.name,
        detail={"call": str(call.pk), "found": len(found)},
    )
    return found


@transaction.atomic
def forget(lookups: Iterable[Lookup]) -> None:
    """Delete what was looked for and found; what is being sent just now follows once it ends."""
    for each in lookups:
        call = locked(each.call)
        if call.state == State.QUEUED:
            call = cancel(call=call, by=HUB)
        if call.is_settled:
            erase(call)
            each.delete()
        else:
            Lookup.objects.filter(pk=each.pk).update(session="")


def forget_session(*, request: HttpRequest, **_: Any) -> None:
    """Forget all that was looked up in a session that ends: hears of every sign-out."""
    if session := request.session.session_key:
        forget(Lookup.objects.filter(session=_hashed(session)).select_related("call__gateway"))


def forget_old_ones(now: datetime) -> None:
    """Forget what has had its time, whoever looked; and searches that programs made."""
    old = Lookup.objects.filter(Q(looked_at__lte=now - KEPT_FOR) | Q(session=""))
    forget(old.select_related("call__gateway"))
    searches = Call.objects.filter(
        function=PatientSearch.function, settled_at__isnull=False, created_at__lte=now - KEPT_FOR
    )
    for call in searches.exclude(parameters=""):
        erase(call)


def drop_what_nobody_waits_for(call: Call, response: Value, at: datetime) -> None:
    """Keep no answer to a person who has signed out meanwhile; hears every such answer."""
    lookups = list(Lookup.objects.filter(call=call))
    if lookups and not any(each.session for each in lookups):
        erase(call)
        Lookup.objects.filter(call=call).delete()


def is_of_a_person(call: Call) -> bool:
    """Say whether the answer to `call` is for one person alone, who looked it up."""
    return Lookup.objects.filter(call=call).exists()


def erase(call: Call) -> None:
    """Delete what a settled `call` asked and was told; that it was made remains."""
    Call.objects.filter(pk=call.pk).update(parameters="", words="")
    Attempt.objects.filter(call=call).update(request="", response="")


def _keep(call: Call, session: str, by: Actor, at: datetime, **about: Any) -> Lookup:
    if by.user is None:
        raise ValueError("only a person looks up patients here")
    return Lookup.objects.create(
        call=call, user=by.user, session=_hashed(session), looked_at=at, **about
    )


def _hashed(session: str) -> str:
    return salted_hmac("systmone.lookups", session, algorithm="sha256").hexdigest()

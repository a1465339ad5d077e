"""Looking for patients in SystmOne while somebody waits: before any background work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit.events import record
from systmone.calls import TIME_FOR_A_PERSON, About, ask
from systmone.gateways import gateway_of
from systmone.models import Call, Priority, State
from systmone.protocol.functions.patient_search import FoundPatient, FoundPatients, PatientSearch
from systmone.requests import TEST_NUMBERS, answer_to, parameters_of
from wards.actors import Actor
from wards.models import Ward

# The same question again, after a reload or by a program that polls, is the same call so long.
HOLDS_FOR = timedelta(minutes=1)


class NoGateway(Exception):
    """The ward has no gateway, so nobody can look from there."""


@transaction.atomic
def search(*, ward: Ward, wanted: PatientSearch, by: Actor, at: datetime | None = None) -> Call:
    """Ask the gateway of `ward` for the patients of whom all that is `wanted` is true.

    Asked again by the same person within a minute it is the same call, unless that has failed.
    Raises NoGateway, and InvalidRequest for fewer than two facts or what SystmOne cannot take.
    """
    gateway = gateway_of(ward)
    if gateway is None:
        raise NoGateway(f"{ward} has no SystmOne gateway: ask a senior admin to set one up.")
    at = at or timezone.now()
    return _lately(ward, wanted, by, at) or ask(
        gateway=gateway,
        request=wanted,
        by=by,
        priority=Priority.PERSON_WAITS,
        within=TIME_FOR_A_PERSON,
        about=About(ward=ward),
        at=at,
    )


def found_by(*, call: Call, by: Actor) -> Sequence[FoundPatient] | None:
    """Return whom a search that was answered has found, and note that `by` has seen them.

    None where the answer is no longer kept. Through one for test patients, only these are found.
    """
    answer = answer_to(call)
    if not isinstance(answer, FoundPatients):
        return None
    found = [one for one in answer.results if _may_be_seen(one, call)]
    record(
        by=by,
        action="systmone.search",
        object_type="call",
        object_id=str(call.pk),
        ward=call.ward.name if call.ward else "",
        detail={"found": len(found)},
    )
    return found


def _may_be_seen(patient: FoundPatient, call: Call) -> bool:
    number = (patient.identity and patient.identity.nhs_number) or ""
    return number.startswith(TEST_NUMBERS) or not call.gateway.test_patients_only


def _lately(ward: Ward, wanted: PatientSearch, by: Actor, at: datetime) -> Call | None:
    asked = Call.objects.filter(
        function=PatientSearch.function,
        ward=ward,
        asked_by=by.user,
        asked_by_name=by.name,
        created_at__gt=at - HOLDS_FOR,
    ).exclude(state__in=(State.FAILED, State.CANCELLED))
    parameters = parameters_of(wanted)
    return next((call for call in asked if call.parameters == parameters), None)

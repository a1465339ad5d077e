"""A case note that SystmOne refused, without a SystmOne."""

from django.utils import timezone

from systmone import gateways
from systmone.case_notes import push
from systmone.models import Attempt, Call, Gateway, State
from tests.factories import PatientFactory
from wards import admissions, case_notes
from wards.actors import person
from wards.models import User, Ward


def failed_note(ward: Ward, nurse: User) -> Call:
    """Return the call of a note that SystmOne refused."""
    by, moment = person(nurse), timezone.now()
    gateway = Gateway(name="Byron's PC", api_key="any")
    gateways.add(gateway=gateway, wards=[ward], by=by)
    stay = admissions.admit(
        patient=PatientFactory.create(nhs_number="9434765919"), ward=ward, by=by
    )
    call = push(note=case_notes.write(stay=stay, text="Slept well.", by=by), by=by)
    call.attempts.create(
        gateway=gateway,
        fence=1,
        started_at=moment,
        ended_at=moment,
        outcome=Attempt.Outcome.REFUSED,
        request="<ClientIntegrationRequest><APIKey>any</APIKey></ClientIntegrationRequest>",
    )
    call.state, call.problem, call.settled_at = State.FAILED, "SystmOne refuses it.", moment
    call.save()
    return call

"""A walk over every address, in every tier, as every role, for the own and another ward."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assurance.api_clients import create_client
from assurance.models import Outcome, SyncEvent
from audit.models import AuditEvent
from systmone import gateways
from systmone.calls import About, ask
from systmone.models import Gateway, Lookup, Priority, StaffMember
from systmone.protocol.functions import GetFunctions
from tasks.models import Category, Kind
from tests.access.addresses import ADDRESSES, PEOPLE, SIGN_IN, Address, routes
from tests.factories import (
    BedFactory,
    GuideFactory,
    PatientFactory,
    TaskFactory,
    TemplateFactory,
    WardFactory,
    member_of,
    senior_admin,
)
from wards.actors import person
from wards.admissions import admit
from wards.case_notes import write
from wards.features import feature_available
from wards.models import Alert, NoteTemplate, Role, Stay, StayStatus, User, Ward
from wards.tiers import Tier

Names = dict[str, object]


@dataclass
class World:
    """Two wards with a row of everything, and a person of each role on the first of them."""

    people: dict[str, User | None]
    own: Names
    other: Names


@pytest.fixture
def world(db: None) -> World:
    own, other = WardFactory.create(name="Byron"), WardFactory.create(name="Shelley")
    people: dict[str, User | None] = {
        role.value: member_of(own, role=role) for role in Role if role is not Role.SENIOR_ADMIN
    }
    people |= {"stranger": None, "senior_admin": senior_admin()}
    guide = GuideFactory.create(slug="fridge-temps")
    client, _ = create_client(name="Power Automate", wards=None, by=person(senior_admin()))
    shared = {
        "guide": guide.pk,
        "alert": Alert.objects.create(name="Falls").pk,
        "apiclient": client.pk,
        "auditevent": AuditEvent.objects.latest("sequence").pk,
    }
    return World(
        people,
        {**shared, **_rows_of(own, client_id=client.pk, proposer=people["normal_user"])},
        {**shared, **_rows_of(other, client_id=client.pk)},
    )


def _rows_of(ward: Ward, *, client_id: int, proposer: User | None = None) -> Names:
    colleague = member_of(ward)
    by = person(colleague)
    event = SyncEvent.objects.create(
        client_id=client_id,
        ward=ward,
        ward_name=ward.name,
        audit_id=ward.name,
        audit_type="fridge_temps",
        completed_by=colleague.name,
        completed_at=timezone.now(),
        received_at=timezone.now(),
        outcome=Outcome.NO_MATCHING_TASK,
    )
    patient, ended = PatientFactory.create(), timezone.now() - timedelta(weeks=1)
    earlier = admit(patient=patient, ward=ward, by=by, at=ended)
    Stay.objects.filter(pk=earlier.pk).update(status=StayStatus.DISCHARGED, discharged_at=ended)
    stay = admit(patient=patient, ward=ward, by=by)
    gateway = Gateway(name=f"PC of {ward}", port=40_000 + ward.pk, api_key="-", task_type="General")
    gateways.add(gateway=gateway, wards=[ward], by=by)
    call = ask(
        gateway=gateway,
        request=GetFunctions(),
        by=by,
        priority=Priority.BACKGROUND,
        within=timedelta(hours=1),
        about=About(ward=ward),
    )
    sent = call.attempts.create(gateway=gateway, fence=1, started_at=timezone.now())
    return {
        "gateway": gateway.pk,
        "attempt": sent.pk,
        "call": call.pk,
        "staffmember": StaffMember.objects.create(gateway=gateway, user_name="dprosser").pk,
        "lookup": Lookup.objects.create(
            call=call, user=proposer or colleague, ward=ward, session="-", looked_at=timezone.now()
        ).pk,
        "ward": ward.slug,
        "patient": stay.patient_id,
        "stay": stay.pk,
        "earlier": earlier.pk,
        "note": write(stay=stay, text="Slept well.", by=by).pk,
        "task": TaskFactory.create(ward=ward).pk,
        "patienttask": TaskFactory.create(
            ward=ward, kind=Kind.PATIENT, patient=patient, category=Category.OTHER, shift=""
        ).pk,
        "tasktemplate": TemplateFactory.create(ward=ward).pk,
        "proposal": TemplateFactory.create(
            ward=ward, proposed_by=proposer or colleague, proposed_at=timezone.now()
        ).pk,
        "room": BedFactory.create(room__ward=ward).room_id,
        "notetemplate": NoteTemplate.objects.create(ward=ward, name="One to one", text="-").pk,
        "user": colleague.pk,
        "membership": colleague.memberships.get().pk,
        "syncevent": event.pk,
        "ward_id": ward.pk,
    }


def test_every_address_is_in_the_table() -> None:
    assert sorted(ADDRESSES) == sorted(set(routes()))


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("tier", Tier)
def test_every_address_answers_as_the_table_says(
    world: World, settings: Settings, tier: Tier, name: str
) -> None:
    settings.HUB_TIER = tier.value
    visitor = Client(raise_request_exception=False)
    if user := world.people[name]:
        visitor.force_login(user)
    wrong = []
    for route, address in ADDRESSES.items():
        visits = {
            address.path.format(**_with_the_row_of(route, names)): statuses[PEOPLE.index(name)]
            for names, statuses in ((world.other, address.other), (world.own, address.own))
        }
        for path, status in visits.items():
            expected = status if _exists_for(name, address) else 404
            answer = getattr(visitor, address.method)(path).status_code
            if answer != expected:
                wrong.append(f"{path}: {answer}, not {expected}")
    assert wrong == []


def _exists_for(name: str, address: Address) -> bool:
    """Outside the tier nobody finds it; but a stranger is asked to sign in before that."""
    asks_to_sign_in = name == "stranger" and address.own[0] == SIGN_IN
    return asks_to_sign_in or address.feature is None or feature_available(address.feature)


def _with_the_row_of(route: str, names: Names) -> Names:
    """In the admin a ward goes by its number, elsewhere by its name."""
    return {**names, "ward": names["ward_id"]} if route.startswith("admin/") else names

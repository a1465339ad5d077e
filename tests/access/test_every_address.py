"""A walk over every address, in every tier, as every role, for the own and another ward."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from assurance.alerts import tell
from assurance.api_clients import create_client
from assurance.models import AlertKind, Outcome, ReadingLimit, SyncEvent, TeamsChannel
from audit.models import AuditEvent
from systmone import gateways
from systmone.calls import About, ask
from systmone.models import Gateway, Lookup, Priority, StaffMember
from systmone.protocol.functions import GetFunctions
from tasks.models import Category, Kind
from tests.access.addresses import ADDRESSES, PEOPLE, SIGN_IN, Address, routes
from tests.factories import (
    AuditTaskFactory,
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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once; what a walk changes is undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = _found_world()
        with django_db_blocker.block():
            yield found
        transaction.set_rollback(True)


def _found_world() -> World:
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
        "teamschannel": TeamsChannel.objects.create(url="https://example.com/").pk,
        "readinglimit": ReadingLimit.objects.create(
            audit_type="fridge_temps", reading="currentTemp", highest=8
        ).pk,
        "auditevent": AuditEvent.objects.latest("sequence").pk,
    }
    return World(
        people,
        {**shared, **_rows_of(own, client_id=client.pk, proposer=people["normal_user"])},
        {**shared, **_rows_of(other, client_id=client.pk)},
    )


def _rows_of(ward: Ward, *, client_id: int, proposer: User | None = None) -> Names:
    """A row of everything on `ward`; what belongs to a person belongs to `proposer`."""
    colleague = member_of(ward)
    person_of_rows = proposer or colleague
    return {
        "ward": ward.slug,
        "ward_id": ward.pk,
        "user": colleague.pk,
        "membership": colleague.memberships.get().pk,
        "tasktemplate": TemplateFactory.create(ward=ward).pk,
        "proposal": TemplateFactory.create(
            ward=ward, proposed_by=person_of_rows, proposed_at=timezone.now()
        ).pk,
        "room": BedFactory.create(room__ward=ward).room_id,
        "notetemplate": NoteTemplate.objects.create(ward=ward, name="One to one", text="-").pk,
        **_of_a_patient(ward, colleague),
        **_of_the_dashboard(ward, colleague, client_id),
        **_of_systmone(ward, person_of_rows),
    }


def _of_a_patient(ward: Ward, nurse: User) -> Names:
    by, ended = person(nurse), timezone.now() - timedelta(weeks=1)
    patient = PatientFactory.create()
    earlier = admit(patient=patient, ward=ward, by=by, at=ended)
    Stay.objects.filter(pk=earlier.pk).update(status=StayStatus.DISCHARGED, discharged_at=ended)
    stay = admit(patient=patient, ward=ward, by=by)
    return {
        "patient": stay.patient_id,
        "stay": stay.pk,
        "earlier": earlier.pk,
        "note": write(stay=stay, text="Slept well.", by=by).pk,
        "task": TaskFactory.create(ward=ward).pk,
        "patienttask": TaskFactory.create(
            ward=ward, kind=Kind.PATIENT, patient=patient, category=Category.OTHER, shift=""
        ).pk,
    }


def _of_the_dashboard(ward: Ward, nurse: User, client_id: int) -> Names:
    event = SyncEvent.objects.create(
        client_id=client_id,
        ward=ward,
        ward_name=ward.name,
        audit_id=ward.name,
        audit_type="fridge_temps",
        completed_by=nurse.name,
        completed_at=timezone.now(),
        received_at=timezone.now(),
        outcome=Outcome.NO_MATCHING_TASK,
    )
    alert = tell(kind=AlertKind.NO_MATCH, ward=ward, lines=["No task was found."], event=event)
    audit = AuditTaskFactory.create(ward=ward)
    return {"syncevent": event.pk, "syncalert": alert.pk, "audit": audit.pk}


def _of_systmone(ward: Ward, nurse: User) -> Names:
    by, now = person(nurse), timezone.now()
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
    lookup = Lookup(call=call, user=nurse, ward=ward, session="-", looked_at=now)
    lookup.save(force_insert=True)
    return {
        "gateway": gateway.pk,
        "call": call.pk,
        "attempt": call.attempts.create(gateway=gateway, fence=1, started_at=now).pk,
        "staffmember": StaffMember.objects.create(gateway=gateway, user_name="dprosser").pk,
        "lookup": lookup.pk,
    }


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    """What thousands of requests log is kept by pytest, and read by nobody."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_address_is_in_the_table() -> None:
    assert sorted(ADDRESSES) == sorted(set(routes()))


@pytest.mark.django_db
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

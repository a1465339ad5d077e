"""The dashboard sends a staff id, an e-mail address or a name: whose is it?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from assurance.models import ApiClient, SyncEvent
from assurance.people import who_completed
from assurance.sync import match_kept
from tasks.models import Status, TaskEvent
from tests.assurance.posting import Byron
from tests.factories import (
    AuditTaskFactory,
    MembershipFactory,
    UserFactory,
    member_of,
    senior_admin,
)

pytestmark = pytest.mark.django_db

TABLE = {
    "the full name": "Sarah Johnson",
    "another case": "SARAH johnson",
    "white space": "  Sarah \u00a0 Johnson ",
    "the e-mail address": "Sarah.Johnson@example.nhs.uk",
    "the staff id": "nhs-42",
}


@pytest.mark.parametrize("sent", TABLE.values(), ids=TABLE)
def test_a_person_of_the_ward_is_found(byron: Byron, sent: str) -> None:
    byron.sarah.staff_id = "NHS-42"
    byron.sarah.save()
    by = who_completed(sent, byron.ward)
    assert by is not None
    assert (by.user, by.name) == (byron.sarah, "Sarah Johnson")


def test_the_staff_id_counts_before_the_address_and_the_name(byron: Byron) -> None:
    member_of(byron.ward, name="42", staff_id="1")
    meant = member_of(byron.ward, name="Percy Reed", staff_id="42")
    by = who_completed("42", byron.ward)
    assert by is not None
    assert by.user == meant


SARAHS, PERCYS = "sarah.johnson@example.nhs.uk", "percy.reed@example.nhs.uk"
SENT_TOGETHER = {
    "all of one person": ("NHS-42", SARAHS, "Sarah Johnson", "Sarah Johnson"),
    "staff id before the rest": ("NHS-7", SARAHS, "Sarah Johnson", "Percy Reed"),
    "address before name": ("", PERCYS, "Sarah Johnson", "Percy Reed"),
    "unknown id, address counts": ("NHS-0", PERCYS.title(), "Nobody", "Percy Reed"),
    "unknown id and address, name counts": ("NHS-0", "x@nhs.uk", "Percy Reed", "Percy Reed"),
    "nothing known": ("NHS-0", "x@nhs.uk", "Nobody", None),
}


@pytest.mark.parametrize(
    ("staff_id", "email", "name", "meant"), SENT_TOGETHER.values(), ids=SENT_TOGETHER
)
def test_of_three_facts_the_staff_id_counts_first_and_the_name_last(
    byron: Byron, staff_id: str, email: str, name: str, meant: str | None
) -> None:
    byron.sarah.staff_id = "NHS-42"
    byron.sarah.save()
    member_of(byron.ward, name="Percy Reed", staff_id="NHS-7", email=PERCYS)
    by = who_completed(name, byron.ward, staff_id=staff_id, email=email)
    assert (by and by.name) == meant


def test_of_two_equal_names_nobody_is_taken_but_the_name_stays(byron: Byron) -> None:
    member_of(byron.ward, name="sarah johnson")
    by = who_completed("Sarah  Johnson", byron.ward)
    assert by is not None
    assert (by.user, by.name) == (None, "Sarah Johnson")


def test_a_senior_admin_has_access_to_every_ward(byron: Byron) -> None:
    admin = senior_admin(name="Ada Byrd")
    by = who_completed("Ada Byrd", byron.ward)
    assert by is not None
    assert by.user == admin


@pytest.mark.parametrize(
    ("person", "membership"),
    [
        ({"is_active": False}, {}),
        ({}, {"expires_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_without_access_today_nobody_is_found(
    byron: Byron, person: dict[str, Any], membership: dict[str, Any]
) -> None:
    user = UserFactory.create(name="Percy Reed", **person)
    MembershipFactory.create(user=user, ward=byron.ward, **membership)
    assert who_completed("Percy Reed", byron.ward) is None


def test_who_had_access_when_the_audit_was_completed_counts(byron: Byron) -> None:
    ends = datetime(2026, 1, 27, 8, 14, 45, tzinfo=UTC)
    nurse = member_of(byron.ward, name="Beth Turner")
    nurse.memberships.update(expires_at=ends)
    assert who_completed("Beth Turner", byron.ward) is None
    before = who_completed("Beth Turner", byron.ward, at=ends - timedelta(seconds=13))
    assert before is not None
    assert before.user == nurse


@pytest.fixture
def lenient(byron: Byron) -> ApiClient:
    """The client, once a senior admin has let it accept people whom the Hub does not know."""
    ApiClient.objects.update(accepts_unknown_people=True)
    return byron.client


def test_somebody_unknown_is_refused_unless_the_client_accepts_them(
    byron: Byron, post: Callable[..., Any]
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    assert post(completedBy="Agency Nurse").json()["error"] == "WARD_MISMATCH"
    task.refresh_from_db()
    assert task.status == Status.PENDING


@pytest.mark.usefixtures("lenient")
def test_somebody_unknown_who_is_accepted_is_marked_wherever_they_are_named(
    byron: Byron, post: Callable[..., Any]
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    assert post(completedBy="Agency  Nurse").json()["success"] is True
    task.refresh_from_db()
    marked = "Agency Nurse (not known to the Hub)"
    assert (task.completed_by, task.completed_by_name) == (None, marked)
    assert TaskEvent.objects.get(task=task, action="complete").by_name == marked
    assert SyncEvent.objects.get().person_name == marked


@pytest.mark.usefixtures("lenient")
@pytest.mark.parametrize("fact", ["name", "email", "staff_id"])
def test_somebody_known_without_access_is_refused_all_the_same(
    byron: Byron, post: Callable[..., Any], fact: str
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    stranger = UserFactory.create(name="Percy Reed")
    assert post(completedBy=getattr(stranger, fact)).json()["error"] == "WARD_MISMATCH"


@pytest.mark.usefixtures("lenient")
def test_a_kept_audit_of_somebody_unknown_keeps_its_mark(
    byron: Byron, post: Callable[..., Any]
) -> None:
    with time_machine.travel(datetime(2026, 1, 27, 9, 0, tzinfo=UTC)):
        post(completedBy="N" * 150)
        task = AuditTaskFactory.create(ward=byron.ward)
        match_kept(ward_ids=[byron.ward.pk])
    task.refresh_from_db()
    assert task.completed_by_name.endswith("N (not known to the Hub)")

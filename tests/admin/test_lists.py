"""Twice the rows, the same number of queries; and what the lists of the two logs offer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assurance.models import ApiClient, SyncEvent, TeamsChannel
from audit.events import record
from audit.models import AuditEvent
from systmone.models import StaffMember
from tasks.models import TaskTemplate
from tests.admin.pages import address
from tests.admin.test_rights import ROWS, sync_event
from tests.factories import MembershipFactory, TemplateFactory, WardFactory
from wards.actors import Actor, Source
from wards.models import Role, User, Ward

pytestmark = pytest.mark.django_db


def queries_for(client: Client, path: str, **question: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, question).status_code == 200
    return len(queries)


def api_client_of(ward: Ward) -> ApiClient:
    client = ApiClient.objects.create(
        name=f"Flow of {ward}", prefix=str(ward.pk).zfill(8), key_hash="-"
    )
    client.wards.set([ward])
    return client


MAKERS: dict[type[Model], Callable[[Ward], Any]] = ROWS | {ApiClient: api_client_of}


@pytest.mark.parametrize("model", MAKERS)
def test_a_list_takes_as_many_queries_however_long_it_is(
    model: type[Model], amina: User, ward_admin: Client, senior: Client
) -> None:
    def add_rows() -> None:
        for _ in range(3):
            ward = WardFactory.create()
            MembershipFactory.create(user=amina, ward=ward, role=Role.WARD_ADMIN)
            MAKERS[model](ward)

    asking = senior if model in (ApiClient, AuditEvent, StaffMember, TeamsChannel) else ward_admin
    add_rows()
    before = queries_for(asking, address(model))
    add_rows()
    assert queries_for(asking, address(model)) == before


def test_the_week_takes_as_many_queries_however_full_it_is(byron: Ward, ward_admin: Client) -> None:
    path = address(TaskTemplate, "week")
    TemplateFactory.create(ward=byron)
    before = queries_for(ward_admin, path)
    TemplateFactory.create_batch(5, ward=byron)
    assert queries_for(ward_admin, path) == before


def test_the_front_page_asks_for_the_persons_role_once(ward_admin: Client) -> None:
    assert queries_for(ward_admin, "/admin/") <= 5


class TestSyncEvents:
    def outcomes(self, client: Client, **question: Any) -> list[str]:
        rows = client.get(address(SyncEvent), question).context["cl"].result_list
        return [row.outcome for row in rows]

    def test_they_are_filtered_by_outcome(self, byron: Ward, shelley: Ward, senior: Client) -> None:
        sync_event(byron)
        sync_event(None)
        assert self.outcomes(senior) == ["ward_mismatch", "no_matching_task"]
        assert self.outcomes(senior, outcome__exact="ward_mismatch") == ["ward_mismatch"]
        assert self.outcomes(senior, ward__id__exact=byron.pk) == ["no_matching_task"]

    def test_they_are_filtered_by_client_where_clients_are_seen(
        self, byron: Ward, ward_admin: Client, senior: Client
    ) -> None:
        sync_event(byron)
        ApiClient.objects.create(name="The Keats flow", prefix="zzzzzzzz", key_hash="-")
        assert b"The Keats flow" in senior.get(address(SyncEvent)).content
        assert b"The Keats flow" not in ward_admin.get(address(SyncEvent)).content

    def test_what_was_sent_is_shown_as_text(self, byron: Ward, ward_admin: Client) -> None:
        event = sync_event(byron)
        SyncEvent.objects.filter(pk=event.pk).update(payload="<script>alert(1)</script>")
        page = ward_admin.get(address(SyncEvent, "change", event)).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


class TestAuditLog:
    def test_it_is_searched_by_person_action_and_object(self, senior: Client) -> None:
        for name, action, number in (
            ("Sarah", "task.claim", "wt1"),
            ("Amina", "task.start", "wt2"),
        ):
            record(by=Actor(name, Source.WEB), action=action, object_id=number)
        for term, expected in (("Sarah", "wt1"), ("task.start", "wt2"), ("wt1", "wt1")):
            rows = senior.get(address(AuditEvent), {"q": term}).context["cl"].result_list
            assert [row.object_id for row in rows] == [expected]

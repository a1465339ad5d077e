"""What the clients posted, as a ward admin and a senior admin read it."""

import re

import pytest
from django.test import Client

from assurance.models import SyncEvent
from tests.admin.pages import address
from tests.admin.test_rights import sync_event
from tests.factories import TaskFactory, completed, member_of
from wards.models import Ward

pytestmark = pytest.mark.django_db

CLIENT_PAGE = "/admin/assurance/apiclient/"


@pytest.fixture
def event(byron: Ward) -> SyncEvent:
    event, nurse = sync_event(byron), member_of(byron)
    event.person, event.task = nurse, completed(TaskFactory.create(ward=byron), nurse)
    event.outcome, event.task_public_id = "completed", event.task.public_id
    event.synced_at = event.received_at
    event.save()
    return event


def links_in(page: str) -> list[str]:
    """Return where the facts of the event link to."""
    return re.findall(r'<div class="readonly"><a href="([^"]+)"', page)


def test_every_link_can_be_opened_by_who_sees_it(
    event: SyncEvent, ward_admin: Client, senior: Client
) -> None:
    for person in (ward_admin, senior):
        page = person.get(address(SyncEvent, "change", event)).content.decode()
        assert len(links_in(page)) >= 3
        assert {person.get(link).status_code for link in links_in(page)} == {200}


def test_the_client_is_named_and_linked_for_who_may_open_it(
    event: SyncEvent, ward_admin: Client, senior: Client
) -> None:
    for_ward_admin = ward_admin.get(address(SyncEvent, "change", event)).content.decode()
    for_senior = senior.get(address(SyncEvent, "change", event)).content.decode()
    assert "A flow" in for_ward_admin
    assert CLIENT_PAGE not in for_ward_admin
    assert f"{CLIENT_PAGE}{event.client_id}/change/" in links_in(for_senior)

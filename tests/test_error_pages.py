"""From an error page, night mode leads on to a page that can be shown."""

import re

import pytest
from django.test import Client

from tests.factories import TaskFactory, member_of

pytestmark = pytest.mark.django_db


def switch_night_mode(client: Client, page: bytes) -> int:
    """Press the button that `page` offers; return the status of where it leads."""
    found = re.search(r'name="next" value="([^"]*)"', page.decode())
    assert found
    answer = client.post("/night-mode/", {"next": found[1]}, follow=True)
    assert answer.redirect_chain[0][0] == found[1]
    return answer.status_code


def test_after_a_click_that_could_not_be_read(client: Client) -> None:
    task = TaskFactory.create()
    client.force_login(member_of(task.ward))
    page = client.post(f"/tasks/{task.public_id}/act/")
    assert page.status_code == 400
    assert switch_night_mode(client, page.content) == 200


def test_after_a_form_from_a_page_that_was_open_for_too_long() -> None:
    page = Client(enforce_csrf_checks=True).post("/night-mode/")
    assert page.status_code == 403
    assert switch_night_mode(Client(), page.content) == 200


def test_of_an_address_that_is_not_found_it_stays_there(client: Client) -> None:
    client.force_login(member_of(TaskFactory.create().ward))
    page = client.get("/nowhere/")
    assert switch_night_mode(client, page.content) == 404

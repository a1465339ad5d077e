"""What the visitor reads at the start, and the line that they paste."""

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from demo.management.commands.demo_welcome import Command
from demo.people import PEOPLE
from demo.welcome import audit_to_complete, welcome
from tasks.models import Status, Task
from tests.demo.pasting import paste
from wards.models import Ward

pytestmark = pytest.mark.django_db


def test_each_start_names_another_audit_until_none_is_left(lived: datetime, client: Client) -> None:
    answers = [paste(client, welcome()) for _ in range(2)]
    assert len({answer["taskId"] for answer in answers}) == 2
    Task.objects.exclude(audit_type="").update(
        status=Status.CANCELLED,
        cancelled_reason="No audits today",
        completed_at=None,
        completed_by=None,
        completed_by_name="",
    )
    assert audit_to_complete(lived) is None
    assert "No audit" in welcome()


def test_a_new_key_ends_the_old_one(lived: datetime, client: Client) -> None:
    old = welcome()
    new = welcome()
    with pytest.raises(AssertionError, match="UNAUTHENTICATED"):
        paste(client, old)
    assert paste(client, new)["success"] is True


def test_the_key_is_not_stored(lived: datetime) -> None:
    key = next(word for word in welcome().split() if word.startswith("hub_"))
    assert not Ward.objects.filter(api_clients__key_hash=key).exists()


def test_it_names_address_tier_and_people(lived: datetime) -> None:
    text = welcome()
    assert "Max+, is at http://testserver" in text
    assert "http://testserver/account/sign-in/" in text
    for person in PEOPLE:
        assert f"  {person.name} " in text
    lines = [line for line in text.splitlines() if not line.strip().startswith("curl")]
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("tier", ["light", "medium", "max"])
def test_other_tiers_have_no_sync(lived: datetime, settings: Settings, tier: str) -> None:
    settings.HUB_TIER = tier
    text = welcome()
    assert "is a feature of Max+" in text
    assert "hub_" not in text
    assert "curl" not in text


def test_it_refuses_to_run_outside_the_demo(settings: Settings) -> None:
    settings.HUB_DEMO = False
    with pytest.raises(CommandError, match="demo only"):
        call_command(Command())


def test_it_is_printed_in_the_demo(
    lived: datetime, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.HUB_DEMO = True
    call_command(Command())
    assert "Sarah Johnson" in capsys.readouterr().out

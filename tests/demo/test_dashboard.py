"""What the demo's Assurance Dashboard posts while the demo runs."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from assurance.models import SyncEvent
from demo.dashboard import Dashboard
from demo.folder import Demo
from demo.management.commands.play_dashboard import Command
from demo.people import VISITOR, demo_users
from demo.programs import services
from demo.welcome import audit_to_complete, welcome
from tests.demo.pasting import paste
from wards.access import wards_visible_to
from wards.tiers import Tier

pytestmark = pytest.mark.django_db


def post(client: Client, dashboard: Dashboard, now: datetime) -> dict[str, Any]:
    """Send what the dashboard would send next."""
    body = dashboard.next_audit(now)
    assert body
    dashboard.sent.append(body)
    answer = client.post(
        "/api/assurance/sync",
        json.dumps(body),
        content_type="application/json",
        headers={"X-API-Key": dashboard.key},
    )
    return dict(answer.json())


def test_it_shows_each_outcome_and_leaves_the_visitors_audits_alone(
    lived: datetime, client: Client
) -> None:
    before = audit_to_complete(lived)
    dashboard = Dashboard()
    answers = [post(client, dashboard, lived) for _ in range(20)]
    assert [answer.get("error") for answer in answers].count("NO_MATCHING_TASK") == 1
    events = SyncEvent.objects.filter(client__name="Assurance Dashboard (demo)")
    outcomes = set(events.values_list("outcome", flat=True))
    assert outcomes == {"completed", "no_matching_task", "repeated"}
    assert events.filter(out_of_range=True).exists()
    theirs = wards_visible_to(demo_users().get(name=VISITOR))
    assert not events.filter(ward__in=theirs, outcome="completed").exists()
    assert audit_to_complete(lived) == before
    assert paste(client, welcome())["success"] is True


def test_each_run_has_a_key_of_its_own(lived: datetime, client: Client) -> None:
    welcomed = welcome()
    first = Dashboard()
    second = Dashboard()
    assert post(client, first, lived)["error"] == "UNAUTHENTICATED"
    assert post(client, second, lived)["success"] is True
    assert paste(client, welcomed)["success"] is True


def test_a_hub_that_does_not_answer_is_told(lived: datetime, settings: Settings) -> None:
    settings.HUB_BASE_URL = "http://127.0.0.1:1"
    assert "not sent: ConnectionRefusedError" in Dashboard().send_next(lived)


@pytest.mark.parametrize("tier", Tier)
def test_it_runs_in_max_plus_only(tmp_path: Path, tier: Tier) -> None:
    names = [program.name for program in services(Demo(tmp_path, 8000, tier))]
    assert ("dashboard" in names) == (tier == Tier.MAX_PLUS)


def test_it_refuses_to_run_outside_the_demo(settings: Settings) -> None:
    settings.HUB_DEMO = False
    with pytest.raises(CommandError, match="demo only"):
        call_command(Command())

"""The page on which ward managers and senior admins see that the sync works."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from assurance.models import Outcome, SyncEvent
from assurance.models.event import AGAIN, SUCCESSES
from assurance.monitoring import Monitoring, monitoring
from audit.models import AuditEvent
from tasks.models import AuditType
from tests.assurance.events import MORNING, done, event_of, synced
from tests.assurance.posting import Byron, new_client
from tests.factories import AuditTaskFactory, WardFactory, member_of, senior_admin
from wards.models import Role, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_noon")]

PAGE = "/admin/assurance/syncevent/monitoring/"


@pytest.fixture
def _noon() -> Any:
    with time_machine.travel(datetime(2026, 1, 27, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def senior(db: None) -> Client:
    page = Client()
    page.force_login(senior_admin(name="Samir Patel"))
    return page


@pytest.fixture
def manager(byron: Byron) -> Client:
    page = Client()
    page.force_login(member_of(byron.ward, role=Role.WARD_ADMIN, name="Amina Yusuf"))
    return page


@pytest.fixture
def shelley(byron: Byron) -> Ward:
    return WardFactory.create(name="Shelley")


def seen(page: Client) -> Monitoring:
    answer = page.get(PAGE)
    assert answer.status_code == 200
    found: Monitoring = answer.context["seen"]
    return found


def test_today_is_told_by_ward_and_type(byron: Byron, manager: Client) -> None:
    synced(byron.ward, byron.sarah, byron.client)
    done(byron.ward, byron.sarah)
    AuditTaskFactory.create(ward=byron.ward)
    AuditTaskFactory.create(
        ward=byron.ward, audit_type=AuditType.WATER_TEMPS, due_on=MORNING.date() - timedelta(1)
    )
    event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK, audit_type="fire_safety")
    [today] = seen(manager).wards
    lines = [
        (line.audit_type, line.by_sync, line.by_hand, line.due, line.missed, line.unmatched)
        for line in today.lines
    ]
    assert lines == [("fridge_temps", 1, 1, 1, 0, 0), ("fire_safety", 0, 0, 0, 0, 1)]


def test_what_was_not_done_is_missed_when_the_shift_is_over(byron: Byron, manager: Client) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    with time_machine.travel(datetime(2026, 1, 27, 15, tzinfo=UTC)):
        [line] = seen(manager).wards[0].lines
    assert (line.due, line.missed) == (0, 1)


def test_at_two_in_the_night_today_is_the_day_before(byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward, shift="night", audit_type=AuditType.LIGATURE_CHECK)
    manager = member_of(byron.ward, role=Role.WARD_ADMIN)
    [today] = monitoring(manager, datetime(2026, 1, 28, 2, tzinfo=UTC)).wards
    assert today.day == MORNING.date()
    assert [line.due for line in today.lines] == [1]


def test_the_last_event_is_told_of_each_ward_and_client(
    byron: Byron, shelley: Ward, senior: Client
) -> None:
    other, _ = new_client(shelley, name="Another flow")
    for ago in (timedelta(hours=2), timedelta(hours=1)):
        event_of(
            byron.ward,
            byron.client,
            outcome=Outcome.NO_MATCHING_TASK,
            received_at=MORNING - ago,
        )
    found = seen(senior)
    last = MORNING - timedelta(hours=1)
    assert [today.last_event for today in found.wards] == [last, None]
    assert {client: client.last_event for client in found.clients} == {  # type: ignore[attr-defined]
        byron.client: last,
        other: None,
    }


def test_outcomes_are_counted_by_day_and_drawn(byron: Byron, senior: Client) -> None:
    synced(byron.ward, byron.sarah, byron.client)
    for outcome in (Outcome.NO_MATCHING_TASK, Outcome.WARD_MISMATCH, Outcome.INVALID):
        event_of(byron.ward, byron.client, outcome=outcome)
    too_old = MORNING - timedelta(days=14)
    event_of(byron.ward, byron.client, outcome=Outcome.INVALID, received_at=too_old)
    chart = seen(senior).chart
    assert len(chart.bars) == 14
    assert (chart.bars[-1].label, chart.bars[-1].counts) == ("27 Jan", (1, 1, 2, 0, 0))
    assert sum(sum(bar.counts) for bar in chart.bars) == 4
    html = senior.get(PAGE).content.decode()
    assert html.count("<rect") == 3 + len(chart.legend)
    assert " style=" not in html.partition("<main")[2].partition("</main>")[0]


def test_a_silent_ward_is_told_in_words(byron: Byron, manager: Client) -> None:
    AuditTaskFactory.create(ward=byron.ward, due_on=MORNING.date() - timedelta(1), shift="night")
    page = manager.get(PAGE).content.decode()
    assert "nothing was ever received, and 1 audit that was due never came" in page


def test_a_ward_admin_sees_only_what_came_for_their_wards(
    byron: Byron, shelley: Ward, manager: Client, senior: Client
) -> None:
    theirs, _ = new_client(shelley, name="Flow of Shelley")
    event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK, completed_by="Ours")
    event_of(shelley, theirs, outcome=Outcome.NO_MATCHING_TASK, completed_by="Theirs")
    event_of(None, byron.client, outcome=Outcome.WARD_MISMATCH, completed_by="Of nobody's ward")
    page = manager.get(PAGE).content.decode()
    assert "Ours" in page
    assert not [word for word in ("Theirs", "Of nobody", "Flow of Shelley") if word in page]
    assert sum(seen(manager).chart.bars[-1].counts) == 1
    assert sum(seen(senior).chart.bars[-1].counts) == 3


@pytest.mark.parametrize("role", [Role.NORMAL_USER, Role.CONTRIBUTOR])
def test_nobody_else_sees_it(byron: Byron, role: Role) -> None:
    page = Client()
    page.force_login(member_of(byron.ward, role=role))
    assert page.get(PAGE).status_code in {302, 403}


def test_it_exists_in_max_plus_only(senior: Client, settings: Settings) -> None:
    settings.HUB_TIER = "max"
    assert senior.get(PAGE).status_code == 404


def test_looks_are_in_the_audit_log(byron: Byron, manager: Client) -> None:
    event = event_of(byron.ward, byron.client, outcome=Outcome.NO_MATCHING_TASK)
    manager.get(PAGE)
    looked = AuditEvent.objects.get(action="sync_events.view")
    assert (looked.actor_name, looked.detail) == ("Amina Yusuf", {"events": [event.pk]})
    manager.get(f"/admin/assurance/syncevent/{event.pk}/change/")
    assert AuditEvent.objects.filter(action="sync_event.view", object_id=event.pk).count() == 1


def test_the_event_has_its_body_without_the_key(byron: Byron, manager: Client) -> None:
    payload = f'{{"ward": "Byron", "notes": "{byron.key}", "apiKey": "open sesame"}}'
    event = event_of(
        byron.ward,
        byron.client,
        outcome=Outcome.NO_MATCHING_TASK,
        payload=payload,
        values={"note": byron.key},
    )
    page = manager.get(f"/admin/assurance/syncevent/{event.pk}/change/").content.decode()
    assert "&quot;ward&quot;: &quot;Byron&quot;" in page
    assert page.count("(hidden)") == 4
    assert byron.key not in page
    assert "sesame" not in page


def test_the_number_of_queries_does_not_grow(byron: Byron, senior: Client) -> None:
    def fill(name: str) -> None:
        ward = WardFactory.create(name=name)
        client, _ = new_client(ward, name=f"Flow of {name}")
        for outcome in Outcome:
            if outcome not in {*SUCCESSES, *AGAIN}:
                event_of(ward, client, outcome=outcome)
        for _ in range(3):
            synced(ward, member_of(ward), client)
            done(ward, member_of(ward))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            seen(senior)
        return len(captured)

    fill("Keats")
    before = queries()
    fill("Wordsworth")
    assert queries() == before


def test_of_many_events_only_those_that_are_shown_are_read(byron: Byron, senior: Client) -> None:
    """No query's plan reads the whole table."""
    received = [MORNING - timedelta(minutes=10 * number) for number in range(10_000)]
    SyncEvent.objects.bulk_create(
        [
            SyncEvent(
                client=byron.client,
                ward=byron.ward,
                received_at=at,
                outcome=Outcome.INVALID,
            )
            for at in received
        ],
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assurance_syncevent")
    with CaptureQueriesContext(connection) as captured:
        assert sum(sum(bar.counts) for bar in seen(senior).chart.bars) < 2_500
    for query in captured:
        if "assurance_syncevent" in query["sql"] and query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
                cursor.execute(f"{explain} {query['sql']}")
                plan = "\n".join(str(row) for row in cursor.fetchall())
            assert "Seq Scan on assurance_syncevent" not in plan, query["sql"]
            assert "SCAN assurance_syncevent'" not in plan, query["sql"]

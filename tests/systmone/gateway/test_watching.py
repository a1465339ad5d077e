"""Watching a gateway: what waits, how fast it goes, what came of it, and what a person does."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from systmone import gateways
from systmone.calls import About, ask
from systmone.case_notes import push
from systmone.models import Attempt, Call, Gateway, Priority, State
from systmone.outcome_chart import Hour, chart_of
from systmone.protocol.functions import GetFunctions
from systmone.simulator import Simulator
from systmone.watching import Watch
from systmone.writing import withdraw
from tests.factories import PatientFactory, WardFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import SETUP, WriteNote, spoken
from wards import admissions, case_notes
from wards.actors import person
from wards.bar_chart import HEIGHT, TOP
from wards.models import Role, Stay, User, Ward

End = Attempt.Outcome

UNKNOWN = {"state": State.UNKNOWN, "problem": "The record could not tell."}


@pytest.fixture
def senior(client: Client, transactional_db: None) -> Client:
    client.force_login(senior_admin(name="Samir Patel"))
    return client


@pytest.fixture
def manager(byron: Ward) -> Client:
    page = Client()
    page.force_login(member_of(byron, role=Role.WARD_ADMIN))
    return page


@pytest.fixture
def elsewhere(gateway: Gateway) -> Call:
    """A call of another ward that the same gateway serves."""
    shelley = WardFactory.create(name="Shelley")
    gateways.serve(gateway=gateway, wards=[shelley])
    nurse = person(member_of(shelley))
    patient = PatientFactory.create(nhs_number="9434765870")
    stay = admissions.admit(patient=patient, ward=shelley, by=nurse)
    return push(note=case_notes.write(stay=stay, text="Calm.", by=nurse), by=nurse)


def address(gateway: Gateway, page: str = "watch") -> str:
    return f"/admin/systmone/gateway/{gateway.pk}/{page}/"


def seen(client: Client, gateway: Gateway) -> Watch:
    answer = client.get(address(gateway))
    assert answer.status_code == 200
    found: Watch = answer.context["seen"]
    return found


def attempted(call: Call, outcome: End, ago: timedelta = timedelta()) -> Attempt:
    moment = timezone.now() - ago
    return call.attempts.create(
        gateway=call.gateway, fence=1, started_at=moment, ended_at=moment, outcome=outcome
    )


def test_the_queue_is_told_by_priority_with_its_oldest(
    senior: Client, gateway: Gateway, pushed: Call
) -> None:
    ask(
        gateway=gateway,
        request=GetFunctions(),
        by=SETUP,
        priority=Priority.BACKGROUND,
        within=timedelta(hours=1),
    )
    queues = seen(senior, gateway).queues
    assert [(queue.priority, queue.waiting) for queue in queues] == [
        ("A person waits", 1),
        ("Background", 1),
    ]
    assert queues[0].oldest == pushed.created_at


def test_what_left_is_counted_against_what_may(
    senior: Client, gateway: Gateway, pushed: Call
) -> None:
    Gateway.objects.update(seconds_between_requests=0.988, seconds_between_records=29.988)
    for ago in (timedelta(), timedelta(minutes=5), timedelta(minutes=61)):
        attempted(pushed, End.ANSWERED, ago)
    attempted(pushed, End.NOT_SENT)
    rates = seen(senior, gateway).rates
    assert [(rate.used, rate.allowed) for rate in rates] == [(1, 60), (2, 3600), (0, 120)]
    Gateway.objects.update(seconds_between_requests=0)
    assert seen(senior, gateway).rates[0].allowed is None


def test_outcomes_are_drawn_and_told_by_hour(
    senior: Client, gateway: Gateway, pushed: Call
) -> None:
    for outcome in (End.ANSWERED, End.ANSWERED, End.LATER, End.UNCLEAR):
        attempted(pushed, outcome)
    attempted(pushed, End.NOT_SENT, timedelta(hours=24))
    found = seen(senior, gateway)
    assert len(found.hours) == 24
    assert found.hours[-1].counts == (2, 1, 1, 0)
    assert sum(sum(hour.counts) for hour in found.hours) == 4
    html = senior.get(address(gateway)).content.decode()
    assert html.count("<rect") == 3 + len(found.chart.legend)
    assert " style=" not in html.partition("<main")[2].partition("</main>")[0]


def test_the_bars_of_an_hour_stand_on_each_other() -> None:
    quiet = Hour.of(timezone.now(), {})
    parts = chart_of([quiet, Hour.of(timezone.now(), {"answered": 3, "refused": 1})]).parts
    assert [(part.kind, part.height) for part in parts] == [
        ("answered", HEIGHT * 0.75),
        ("refused", HEIGHT * 0.25),
    ]
    assert parts[1].y == TOP


def test_the_last_success_is_told(
    senior: Client, gateway: Gateway, pushed: Call, simulator: Simulator
) -> None:
    assert seen(senior, gateway).last_success is None
    spoken(gateway, pushed)
    assert isinstance(seen(senior, gateway).last_success, datetime)


@pytest.mark.parametrize(
    ("facts", "headline"),
    [
        ({}, "Calls go out."),
        ({"is_on": False}, "Off: nothing is sent, calls wait."),
        ({"stopped_at": timezone.now(), "stopped_because": "Blocked."}, "Stopped on"),
    ],
)
def test_its_state_is_told_in_plain_words(
    senior: Client, gateway: Gateway, facts: dict[str, object], headline: str
) -> None:
    Gateway.objects.update(**facts)
    assert seen(senior, gateway).health.headline.startswith(headline)


def test_a_stopped_gateway_is_started_where_it_says_why(
    senior: Client, manager: Client, gateway: Gateway
) -> None:
    assert "Start it again" not in senior.get(address(gateway)).content.decode()
    gateways.stop(gateway=gateway, why="Blocked.", by=SETUP)
    assert "Start it again" not in manager.get(address(gateway)).content.decode()
    assert manager.post(address(gateway, "start")).status_code == 403
    assert "Start it again" in senior.get(address(gateway)).content.decode()
    assert senior.get(address(gateway, "start")).status_code == 400
    senior.post(address(gateway, "start"))
    gateway.refresh_from_db()
    assert gateway.speaks


def test_a_deletion_is_listed_with_the_reference_of_what_it_deletes(
    senior: Client, gateway: Gateway, pushed: Call, sarah: User
) -> None:
    call = spoken(gateway, pushed)
    deletion = withdraw(call=call, reason="Wrong patient", by=person(sarah))
    Call.objects.filter(pk=deletion.pk).update(**UNKNOWN)
    html = senior.get(address(gateway)).content.decode()
    assert "Deletion of a case note" in html
    assert call.reference in html


def test_a_request_without_an_answer_is_told_at_once(
    senior: Client, gateway: Gateway, pushed: Call
) -> None:
    attempted(pushed, End.NOT_SENT)
    assert seen(senior, gateway).health.headline.startswith("The last request had no answer.")
    attempted(pushed, End.ANSWERED)
    assert seen(senior, gateway).health.headline == "Calls go out."


def test_a_ward_admin_sees_the_calls_of_their_ward_alone(
    manager: Client, gateway: Gateway, pushed: Call, elsewhere: Call
) -> None:
    Call.objects.update(**UNKNOWN)
    attempted(pushed, End.UNCLEAR)
    attempted(elsewhere, End.UNCLEAR)
    found = seen(manager, gateway)
    assert [item.call for item in found.needing] == [pushed]
    assert found.hours[-1].counts == (0, 0, 1, 0)
    assert found.rates[1].used == 1
    html = manager.get(address(gateway)).content.decode()
    assert "Only the calls of the wards that you run" in html
    assert "Shelley" not in html


def test_the_page_names_no_patient_and_leads_to_the_note(
    senior: Client, gateway: Gateway, pushed: Call, stay: Stay
) -> None:
    attempted(pushed, End.UNCLEAR)
    Call.objects.update(**UNKNOWN, words="QUILL")
    html = senior.get(address(gateway)).content.decode()
    assert f'href="/notes/{pushed.note_id}/"' in html
    assert pushed.reference in html
    for secret in ("QUILL", stay.patient.nhs_number, "Slept well"):
        assert secret not in html


@pytest.mark.parametrize(
    ("decision", "state"), [("it_is_there", State.SUCCEEDED), ("send_again", State.QUEUED)]
)
def test_what_nobody_could_find_out_is_decided_here(
    manager: Client, gateway: Gateway, pushed: Call, decision: str, state: State
) -> None:
    attempt = attempted(pushed, End.UNCLEAR)
    Call.objects.update(**UNKNOWN)
    sent = {"call": pushed.pk, "attempt": attempt.pk, "what": decision}
    assert manager.post(address(gateway, "act"), sent).status_code == 302
    pushed.refresh_from_db()
    assert (pushed.state, pushed.decision) == (state, decision)


@pytest.mark.parametrize("facts", [{}, {"state": State.FAILED, "problem": "Refused."}])
def test_what_waits_or_has_failed_is_taken_back_here(
    manager: Client, gateway: Gateway, pushed: Call, facts: dict[str, str]
) -> None:
    settled_at = timezone.now() if facts else None
    Call.objects.update(**facts, settled_at=settled_at)
    manager.post(address(gateway, "act"), {"call": pushed.pk, "what": "cancel"})
    pushed.refresh_from_db()
    assert pushed.state == State.CANCELLED


def test_an_old_page_changes_nothing_and_says_so(
    manager: Client, gateway: Gateway, pushed: Call
) -> None:
    first, _ = attempted(pushed, End.UNCLEAR), attempted(pushed, End.UNCLEAR)
    Call.objects.update(**UNKNOWN)
    sent = {"call": pushed.pk, "attempt": first.pk, "what": "send_again"}
    answer = manager.post(address(gateway, "act"), sent, follow=True)
    assert "this has been settled meanwhile" in answer.content.decode()
    pushed.refresh_from_db()
    assert pushed.state == State.UNKNOWN


def test_calls_of_other_wards_cannot_be_decided_about(
    manager: Client, gateway: Gateway, elsewhere: Call
) -> None:
    attempt = attempted(elsewhere, End.UNCLEAR)
    Call.objects.update(**UNKNOWN)
    sent = {"call": elsewhere.pk, "attempt": attempt.pk, "what": "it_is_there"}
    manager.post(address(gateway, "act"), sent)
    elsewhere.refresh_from_db()
    assert elsewhere.state == State.UNKNOWN


def test_a_ward_admin_changes_nothing_of_the_gateway(
    manager: Client, gateway: Gateway, byron: Ward
) -> None:
    page = f"/admin/systmone/gateway/{gateway.pk}/change/"
    shown = manager.get(page).content.decode()
    assert "Byron" in shown
    assert 'name="host"' not in shown
    assert manager.post(page, {"name": "Mine"}).status_code == 403
    manager.post("/admin/systmone/gateway/", {"action": "switch_off", "_selected_action": [1]})
    gateway.refresh_from_db()
    assert gateway.is_on


def test_twice_the_calls_take_the_same_number_of_queries(
    senior: Client, gateway: Gateway, write: WriteNote, sarah: User
) -> None:
    def fill() -> None:
        for state in (UNKNOWN, {"state": State.QUEUED}):
            call = push(note=write("Slept well."), by=person(sarah))
            attempted(call, End.UNCLEAR)
            Call.objects.filter(pk=call.pk).update(**state)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            seen(senior, gateway)
        return len(captured)

    fill()
    before = queries()
    fill()
    ask(
        gateway=gateway,
        request=GetFunctions(),
        by=SETUP,
        priority=Priority.BACKGROUND,
        within=timedelta(hours=1),
        about=About(ward=None),
    )
    assert queries() == before

"""What was sent and answered is deleted after its time, and what is under way never."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from audit.models import AuditEvent
from systmone import retention
from systmone.jobs import delete_old_documents
from systmone.models import Attempt, Call, Gateway, State, Submission
from tests.factories import senior_admin
from tests.systmone.gateway.conftest import spoken

KEPT_FOR = timedelta(days=90)


@pytest.fixture
def sent(gateway: Gateway, pushed: Call) -> Call:
    """A note that SystmOne has taken."""
    return spoken(gateway, pushed)


def grown_old(by: timedelta = KEPT_FOR + timedelta(minutes=1)) -> None:
    then = timezone.now() - by
    Attempt.objects.update(started_at=then, ended_at=then)
    Call.objects.filter(settled_at__isnull=False).update(settled_at=then)


def is_kept(call: Call) -> tuple[bool, bool]:
    """Whether the documents of its attempt, and its parameters, are kept."""
    found, attempt = Call.objects.get(pk=call.pk), Attempt.objects.get(call=call)
    return bool(attempt.request or attempt.response), bool(found.parameters or found.words)


def test_documents_go_and_what_was_done_stays(sent: Call) -> None:
    grown_old()
    delete_old_documents()
    assert is_kept(sent) == (False, False)
    left = Call.objects.get(pk=sent.pk)
    assert (left.state, left.uids, left.reference) == (State.SUCCEEDED, sent.uids, sent.reference)
    assert left.attempts.get().outcome == "answered"


def test_until_then_they_are_kept(sent: Call) -> None:
    grown_old(KEPT_FOR - timedelta(minutes=1))
    delete_old_documents()
    assert is_kept(sent) == (True, True)


def test_the_time_is_a_setting(sent: Call, settings: Settings) -> None:
    settings.HUB_SYSTMONE_RETENTION_DAYS = 8
    grown_old(timedelta(days=9))
    delete_old_documents()
    assert is_kept(sent) == (False, False)


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.CHECKING, State.UNKNOWN])
def test_what_is_under_way_or_waits_for_a_person_keeps_everything(sent: Call, state: State) -> None:
    Call.objects.update(state=state, settled_at=None, problem="-")
    grown_old()
    delete_old_documents()
    assert is_kept(sent) == (True, True)


def test_each_run_is_one_audit_event(sent: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    grown_old()
    delete_old_documents()
    delete_old_documents()
    runs = AuditEvent.objects.filter(action="systmone_documents.delete").order_by("sequence")
    assert [(run.detail["attempts"], run.detail["calls"]) for run in runs] == [(1, 1), (0, 0)]


def test_the_pages_of_what_was_deleted_open(client: Client, sent: Call) -> None:
    grown_old()
    delete_old_documents()
    client.force_login(senior_admin())
    attempt = sent.attempts.get()
    documents = client.get(f"/admin/systmone/attempt/{attempt.pk}/documents/").content.decode()
    assert "Nothing is kept." in documents
    for page in (f"/admin/systmone/call/{sent.pk}/change/", f"/notes/{sent.note_id}/"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize(("days", "left"), [(91, 0), (89, 1)])
def test_the_keys_under_which_programs_sent_go_with_the_documents(
    sent: Call, days: int, left: int
) -> None:
    then = timezone.now() - timedelta(days=days)
    Submission.objects.create(caller="1", key="note-1", fingerprint="-", call=sent, sent_at=then)
    grown_old(timedelta(days=days))
    delete_old_documents()
    assert Submission.objects.count() == left
    assert Call.objects.filter(pk=sent.pk).exists()

"""`record` writes who did what, when and from where, in the transaction of the change."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from structlog.contextvars import bound_contextvars

from audit.events import record, recorded_together
from audit.models import AppendOnlyError, AuditEvent, Outcome
from inpatient_hub.middleware import RequestContextMiddleware
from tests.audit.logbook import Writer, faulty, write
from tests.threads import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


def test_an_event_says_who_did_what_when_and_from_where() -> None:
    with bound_contextvars(ip="10.1.2.3", request_id="r-1"):
        record(
            by=Writer("Sarah Johnson"),
            action="task.complete",
            object_type="task",
            object_id="wt123",
            ward="Byron",
            outcome=Outcome.REFUSED,
            detail={"version": 3},
            at=NOON,
        )
    event = AuditEvent.objects.get()
    assert (event.actor_id, event.actor_name, event.at) == ("7", "Sarah Johnson", NOON)
    assert (event.source, event.address, event.request_id) == ("web", "10.1.2.3", "r-1")
    assert (event.action, event.object_type, event.object_id) == ("task.complete", "task", "wt123")
    assert (event.ward, event.outcome, event.detail) == ("Byron", "refused", {"version": 3})


def test_outside_a_request_there_is_no_address() -> None:
    event = write()
    assert (event.address, event.request_id) == ("", "")


def test_events_are_numbered_from_one_without_gaps() -> None:
    write(5)
    numbers = AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_address_and_request_id_are_the_servers_own_not_the_callers_word() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        write()
        return HttpResponse()

    headers = {"X-Request-ID": "x" * 500, "X-Forwarded-For": "6.6.6.6"}
    RequestContextMiddleware(view)(RequestFactory().get("/", headers=headers))
    event = AuditEvent.objects.get()
    assert event.address == "127.0.0.1"
    assert str(UUID(event.request_id)) == event.request_id


def test_a_change_that_is_rolled_back_leaves_no_event_and_no_gap() -> None:
    write(2)
    with transaction.atomic():
        write(3)
        transaction.set_rollback(True)
    assert write().sequence == 3
    assert faulty() == []


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
facts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(detail=st.dictionaries(texts, facts, max_size=4) | st.dictionaries(st.integers(), facts))
def test_whatever_detail_is_recorded_reads_back_intact(detail: dict[str, Any]) -> None:
    write(detail=detail)
    assert faulty() == []


@pytest.mark.parametrize("detail", [{"a": float("nan")}, {"a": float("inf")}, {"a": object()}])
def test_detail_that_json_cannot_hold_is_refused(detail: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        write(detail=detail)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.update(actor_name="Nobody"),
        lambda event: AuditEvent.objects.filter(pk=1).delete(),
        lambda event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["actor_name"]),
        lambda event: AuditEvent.objects.bulk_create([AuditEvent(sequence=2, at=NOON)]),
        lambda event: AuditEvent.objects.update_or_create({"ward": "Keats"}, sequence=1),
    ],
)
def test_an_event_is_never_altered_or_deleted(attempt: Any) -> None:
    event = write()
    with pytest.raises(AppendOnlyError):
        attempt(event)
    assert faulty() == []


@pytest.mark.django_db(transaction=True)
def test_eight_threads_write_one_chain_without_gaps() -> None:
    def twenty_events() -> None:
        for _ in range(20):
            write()

    assert at_once(*[twenty_events] * 8) == [None] * 8
    assert AuditEvent.objects.count() == 160
    assert faulty() == []


def test_events_recorded_together_take_the_end_of_the_chain_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    write()
    with django_assert_num_queries(3), recorded_together():  # the lock, both events, the new end
        write()
        with recorded_together():
            write()
    numbers = AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert not faulty()


def test_what_fails_together_leaves_no_event() -> None:
    @transaction.atomic
    def fail() -> None:
        with recorded_together():
            write()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write()
    assert AuditEvent.objects.count() == 1

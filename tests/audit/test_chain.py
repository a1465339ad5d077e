"""The hash chain shows every altered, missing or foreign row."""

from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from audit import chain
from audit.models import AuditEvent, ChainHead
from tests.audit.logbook import faulty, tamper, write
from tests.threads import at_once

pytestmark = pytest.mark.django_db

ALTERATIONS: dict[str, Any] = {
    "at": "2026-01-27 12:00:00+00:00",
    "actor_id": "8",
    "actor_name": "Somebody else",
    "source": "admin",
    "address": "10.0.0.9",
    "request_id": "another",
    "action": "task.cancel",
    "object_type": "template",
    "object_id": "wt9",
    "ward": "Keats",
    "outcome": "refused",
    "detail": '{"version": 4}',
    "seal": "0" * 64,
}


def test_an_empty_log_is_intact() -> None:
    assert faulty() == []


def test_many_events_are_intact() -> None:
    write(200, detail={"version": 3})
    assert faulty() == []


def test_every_field_is_in_the_table_of_alterations() -> None:
    assert {"sequence", *ALTERATIONS} == {field.attname for field in AuditEvent._meta.fields}


@pytest.mark.parametrize("field", ALTERATIONS)
def test_an_altered_field_is_found(field: str) -> None:
    write(3, detail={"version": 3})
    tamper(f"UPDATE {{events}} SET {field} = %s WHERE sequence = 2", ALTERATIONS[field])
    assert 2 in faulty()


def test_one_altered_row_is_one_fault() -> None:
    write(5)
    tamper("UPDATE {events} SET ward = 'Keats' WHERE sequence = 2")
    assert faulty() == [2]


def test_a_renumbered_row_is_found() -> None:
    write(3)
    tamper("UPDATE {events} SET sequence = 9 WHERE sequence = 2")
    assert 2 in faulty()


@pytest.mark.parametrize(
    ("deleted", "found"),
    [
        ([3], (3, "missing up to 3")),
        ([1], (1, "missing up to 1")),
        ([1, 2], (1, "missing up to 2")),
        ([5], (5, "missing up to 5")),
        ([4, 5], (4, "missing up to 5")),
        ([1, 2, 3, 4, 5], (1, "missing up to 5")),
    ],
)
def test_deleted_rows_are_found(deleted: list[int], found: tuple[int, str]) -> None:
    write(5)
    for sequence in deleted:
        tamper("DELETE FROM {events} WHERE sequence = %s", sequence)
    assert [(fault.sequence, fault.problem) for fault in chain.faults()] == [found]


@pytest.mark.parametrize("sequence", [-4, 0, 4, 9])
def test_a_foreign_row_is_found(sequence: int) -> None:
    write(3)
    columns = ", ".join(connection.ops.quote_name(c) for c in ALTERATIONS)
    tamper(
        f"INSERT INTO {{events}} (sequence, {columns}) "
        f"SELECT {sequence}, {columns} FROM {{events}} WHERE sequence = 3"
    )
    assert faulty()


def test_a_row_that_was_rewritten_and_sealed_with_another_key_is_found(
    settings: Settings,
) -> None:
    first, event = write(), write()
    genuine = settings.HUB_AUDIT_KEY
    settings.HUB_AUDIT_KEY = "a guess"
    event.ward = "Keats"
    forged = chain.seal(event, previous=first.seal)
    settings.HUB_AUDIT_KEY = genuine
    tamper("UPDATE {events} SET ward = 'Keats', seal = %s WHERE sequence = 2", forged)
    tamper("UPDATE {head} SET seal = %s", forged)
    assert 2 in faulty()


def test_a_genuine_row_of_another_history_is_found() -> None:
    write()
    with transaction.atomic():  # as in a copy of the database on which people went on working
        other = write(ward="Keats")
        transaction.set_rollback(True)
    write(2)
    tamper(
        "UPDATE {events} SET at = %s, ward = %s, seal = %s WHERE sequence = 2",
        other.at,
        other.ward,
        other.seal,
    )
    assert faulty() == [3]


def test_last_rows_that_were_deleted_with_the_head_moved_back_are_found() -> None:
    write(3)
    seal = AuditEvent.objects.get(sequence=2).seal
    tamper("DELETE FROM {events} WHERE sequence = 3")
    tamper("UPDATE {head} SET sequence = 2, seal = %s", seal)
    assert faulty() == [2]


def test_a_missing_head_is_found() -> None:
    write(3)
    tamper("DELETE FROM {head}")
    assert faulty()


def test_there_is_only_one_head() -> None:
    write()
    assert ChainHead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_verification_raises_no_false_alarm_while_people_work() -> None:
    write(50)

    def work() -> list[int]:
        write(60)
        return []

    def verify() -> list[int]:
        return [fault for _ in range(15) for fault in faulty()]

    assert at_once(work, work, verify, verify) == [[], [], [], []]

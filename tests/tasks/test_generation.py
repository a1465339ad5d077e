"""Generation gives each template one task on each of its days, however often it runs."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from tasks.jobs import generate_coming_days
from tasks.models import AuditType, Kind, Priority, Shift, Task, TaskEvent, TaskTemplate
from tasks.schedule import coming_days, generate
from tasks.shifts import days, local
from tasks.signals import tasks_generated
from tests.factories import TODAY, GuideFactory, TemplateFactory, WardFactory
from tests.threads import at_once

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 1, 26)
A_WEEK = list(days(MONDAY, 7))


def generated(template: TaskTemplate) -> list[date]:
    return list(template.tasks.order_by("due_on").values_list("due_on", flat=True))


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ([1, 2, 3, 4, 5, 6, 7], [26, 27, 28, 29, 30, 31, 1]),
        ([1], [26]),
        ([7], [1]),
        ([3, 5], [28, 30]),
        ([6, 7], [31, 1]),
    ],
)
def test_work_falls_on_its_weekdays(weekdays: list[int], expected: list[int]) -> None:
    template = TemplateFactory.create(weekdays=weekdays)
    assert generate(days=A_WEEK) == len(expected)
    assert [day.day for day in generated(template)] == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 1, 28), None, [28, 29, 30, 31, 1]),
        (date(2020, 1, 1), date(2026, 1, 28), [26, 27, 28]),
        (date(2026, 1, 28), date(2026, 1, 28), [28]),
        (date(2026, 2, 2), None, []),
        (date(2020, 1, 1), date(2026, 1, 25), []),
    ],
)
def test_work_falls_between_its_first_and_last_day(
    first: date, last: date | None, expected: list[int]
) -> None:
    template = TemplateFactory.create(active_from=first, active_until=last)
    generate(days=A_WEEK)
    assert [day.day for day in generated(template)] == expected


def test_a_task_has_what_its_template_says() -> None:
    template = TemplateFactory.create(
        title="Fridge temperature",
        instructions="Both fridges",
        shift=Shift.NIGHT,
        priority=Priority.URGENT,
        audit_type=AuditType.FRIDGE_TEMPS,
        guide=GuideFactory.create(),
        carry_over=True,
    )
    generate(days=[TODAY])
    task = Task.objects.get()
    assert (task.kind, task.ward, task.due_on, task.status) == (
        Kind.WARD, template.ward, TODAY, "pending"
    )  # fmt: skip
    for name in ("title", "instructions", "shift", "priority", "audit_type", "guide", "carry_over"):
        assert getattr(task, name) == getattr(template, name)


def test_each_task_says_who_created_it_and_the_audit_log_how_many() -> None:
    TemplateFactory.create_batch(2)
    generate(days=A_WEEK)
    created = TaskEvent.objects.filter(action="create", source="job", by_name="The schedule")
    assert created.count() == TaskEvent.objects.count() == Task.objects.count() == 14
    audit = AuditEvent.objects.get()
    assert (audit.action, audit.detail, audit.source) == ("task.generate", {"tasks": 14}, "job")


def test_running_again_creates_nothing() -> None:
    TemplateFactory.create_batch(2)
    assert generate(days=A_WEEK) == 14
    assert generate(days=A_WEEK) == 0
    assert (Task.objects.count(), TaskEvent.objects.count()) == (14, 14)
    assert AuditEvent.objects.count() == 1


def test_running_again_fills_gaps() -> None:
    template = TemplateFactory.create()
    generate(days=A_WEEK)
    Task.objects.filter(due_on=TODAY).delete()
    assert generate(days=A_WEEK) == 1
    assert generated(template) == A_WEEK


def test_work_that_was_done_is_not_created_again() -> None:
    TemplateFactory.create()
    generate(days=[TODAY])
    Task.objects.update(status="cancelled", cancelled_reason="Ward closed", version=2)
    assert generate(days=[TODAY]) == 0


def test_wards_with_new_tasks_are_announced_once_they_are_there() -> None:
    heard: list[tuple[set[int], int]] = []

    def listen(*, ward_ids: set[int], **_: object) -> None:
        heard.append((ward_ids, Task.objects.count()))

    wards = WardFactory.create_batch(2)
    for ward in wards:
        TemplateFactory.create(ward=ward)
    tasks_generated.connect(listen)
    try:
        generate(days=A_WEEK)
        generate(days=A_WEEK)
    finally:
        tasks_generated.disconnect(listen)
    assert heard == [({ward.pk for ward in wards}, 14)]


def test_the_nightly_job_covers_yesterday_today_and_seven_days_ahead() -> None:
    template = TemplateFactory.create()
    with time_machine.travel(local(TODAY, time(2, 30)), tick=False):
        generate_coming_days()
    assert generated(template) == list(days(MONDAY, 9))


def test_just_after_midnight_in_summer_the_local_day_counts() -> None:
    half_past_midnight = datetime(2026, 7, 27, 23, 30, tzinfo=UTC)
    assert coming_days(half_past_midnight)[1] == date(2026, 7, 28)


def test_a_year_of_nights_with_both_clock_changes_gives_each_task_once() -> None:
    ward = WardFactory.create()
    templates = [TemplateFactory.create(ward=ward, shift=shift) for shift in Shift]
    year = list(days(date(2026, 1, 1), 365))
    for day in year:
        generate(days=coming_days(local(day, time(2, 30))))
    counts = Counter(Task.objects.values_list("template", "due_on"))
    assert set(counts.values()) == {1}
    expected = {(template.pk, day) for template in templates for day in year}
    assert {key for key in counts if key[1] in set(year)} == expected


def statements(number: int) -> Sequence[str]:
    """Return the kinds of SQL that a run for `number` templates takes; batches count once."""
    TemplateFactory.create_batch(number, ward=WardFactory.create())
    with CaptureQueriesContext(connection) as queries:
        assert generate(days=[TODAY]) == number
    named_alike = (re.sub(r"s\d+_x\d+", "savepoint", query["sql"]) for query in queries)
    return [kind for kind, _ in groupby(sql[:40] for sql in named_alike)]


def test_a_run_takes_the_same_statements_for_10_and_200_templates() -> None:
    statements(1)  # the first audit event takes some more
    assert statements(10) == statements(200)


def test_every_thousand_tasks_of_a_day_take_the_same_number_of_queries() -> None:
    ward = WardFactory.create()
    numbers = []
    for thousands, day in enumerate(days(MONDAY, 4), start=1):
        TaskTemplate.objects.bulk_create(TemplateFactory.build_batch(1000, ward=ward))
        with CaptureQueriesContext(connection) as queries:
            assert generate(days=[day]) == thousands * 1000
        numbers.append(len(queries))
    settled = numbers[1:]  # the first audit event takes some more
    of_a_thousand = [after - before for before, after in pairwise(settled)]
    if connection.vendor == "postgresql":
        assert of_a_thousand == [2, 2]
    else:  # SQLite takes fewer rows at once, and a thousand is no multiple of them
        assert max(of_a_thousand) - min(of_a_thousand) <= 1


@pytest.mark.django_db(transaction=True)
def test_four_runs_at_once_create_each_task_once() -> None:
    TemplateFactory.create_batch(5)

    def run() -> int:
        return generate(days=A_WEEK)

    results = at_once(*[run] * 4)
    assert sorted(int(str(created)) for created in results) == [0, 0, 0, 35]
    assert Task.objects.count() == TaskEvent.objects.count() == 35


@pytest.mark.django_db(transaction=True)
def test_runs_for_different_days_at_once_do_not_disturb_each_other() -> None:
    TemplateFactory.create_batch(5)
    runs = [lambda n=n: generate(days=list(days(MONDAY + timedelta(n), 4))) for n in range(4)]
    results = at_once(*runs)
    assert sum(int(str(created)) for created in results) == 5 * 7

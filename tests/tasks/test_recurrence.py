"""Changing recurring work: only untouched tasks follow, from tomorrow on."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from time_machine import Traveller

from audit.models import AuditEvent
from tasks import actions
from tasks.actions import TaskChanged
from tasks.jobs import generate_coming_days
from tasks.models import Shift, Task, TaskTemplate
from tasks.models.template import check_weekdays
from tasks.recurrence import delete_template, save_template
from tasks.schedule import generate
from tasks.shifts import days, local
from tests.factories import TODAY, TemplateFactory, WardFactory, member_of
from tests.threads import at_once
from wards.actors import Actor, Source, person
from wards.models import Role, User, Ward

pytestmark = pytest.mark.django_db

TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    """It is ten in the morning of TODAY, a Tuesday."""
    with time_machine.travel(local(TODAY, time(10)), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ward() -> Ward:
    return WardFactory.create()


@pytest.fixture
def manager(ward: Ward) -> Actor:
    return person(member_of(ward, role=Role.WARD_ADMIN), Source.ADMIN)


@pytest.fixture
def nurse(ward: Ward) -> User:
    return member_of(ward)


@pytest.fixture
def huddle(ward: Ward) -> TaskTemplate:
    """A template whose tasks of yesterday to next Tuesday are there."""
    template = TemplateFactory.create(ward=ward)
    generate_coming_days()
    return template


def change(template: TaskTemplate, by: Actor, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(template, name, value)
    save_template(template=template, by=by)


def on(template: TaskTemplate, day: date) -> Task:
    return template.tasks.get(due_on=day)


def due_days(template: TaskTemplate) -> list[date]:
    return list(template.tasks.order_by("due_on").values_list("due_on", flat=True))


def test_a_change_reaches_untouched_tasks_from_tomorrow_on(
    huddle: TaskTemplate, manager: Actor
) -> None:
    change(huddle, manager, title="Long huddle", shift=Shift.LATE)
    for task in huddle.tasks.all():
        follows = task.due_on >= TOMORROW
        assert (task.title == "Long huddle", task.shift == Shift.LATE) == (follows, follows)
    assert huddle.tasks.count() == 9


def test_tasks_that_somebody_claimed_or_only_held_for_a_moment_stay(
    huddle: TaskTemplate, manager: Actor, nurse: User
) -> None:
    claimed, released = on(huddle, TOMORROW), on(huddle, TOMORROW + timedelta(1))
    actions.claim(task=claimed, by=person(nurse))
    actions.release(task=actions.claim(task=released, by=person(nurse)), by=person(nurse))
    change(huddle, manager, title="Long huddle", shift=Shift.LATE)
    for task in (claimed, released):
        task.refresh_from_db()
        assert (task.title, task.shift) == ("Safety huddle", Shift.EARLY)
    assert huddle.tasks.count() == 9


def test_days_that_are_taken_away_lose_their_untouched_tasks(
    huddle: TaskTemplate, manager: Actor, nurse: User
) -> None:
    actions.claim(task=on(huddle, TOMORROW), by=person(nurse))
    change(huddle, manager, weekdays=[5])
    friday = date(2026, 1, 30)
    assert due_days(huddle) == [YESTERDAY, TODAY, TOMORROW, friday]


def test_a_new_weekday_begins_tomorrow_even_after_the_nightly_runs(
    manager: Actor, ward: Ward, clock: Traveller
) -> None:
    template = TemplateFactory.create(ward=ward, weekdays=[5])
    change(template, manager, weekdays=EVERY_DAY)
    assert due_days(template)[0] == TOMORROW
    generate_coming_days()  # a worker starts on the same day
    clock.move_to(local(TOMORROW, time(2, 30)))
    generate_coming_days()
    assert due_days(template)[0] == TOMORROW


@pytest.mark.parametrize(
    ("clock_shows", "shift", "first"),
    [
        ("10:00", Shift.EARLY, TODAY),
        ("10:00", Shift.NIGHT, TODAY),
        ("14:30", Shift.EARLY, TOMORROW),
        ("14:30", Shift.LATE, TODAY),
        ("22:00", Shift.LATE, TOMORROW),
        ("02:00", Shift.NIGHT, YESTERDAY),
        ("02:00", Shift.EARLY, TODAY),
    ],
)
def test_a_new_template_begins_with_the_first_shift_that_is_not_over(
    clock_shows: str, shift: Shift, first: date, manager: Actor, clock: Traveller
) -> None:
    clock.move_to(local(TODAY, time.fromisoformat(clock_shows)))
    template = TemplateFactory.build(ward=WardFactory.create(), shift=shift)
    save_template(template=template, by=manager)
    generate_coming_days()
    assert due_days(template)[0] == first


def test_ending_a_template_ends_its_untouched_tasks(huddle: TaskTemplate, manager: Actor) -> None:
    change(huddle, manager, active_until=TODAY)
    assert due_days(huddle) == [YESTERDAY, TODAY]
    generate_coming_days()
    assert due_days(huddle) == [YESTERDAY, TODAY]


def test_deleting_a_template_keeps_todays_tasks_and_touched_ones(
    huddle: TaskTemplate, manager: Actor, nurse: User
) -> None:
    actions.claim(task=on(huddle, TOMORROW), by=person(nurse))
    delete_template(template=huddle, by=manager)
    kept = Task.objects.filter(template=None).order_by("due_on").values_list("due_on", flat=True)
    assert list(kept) == [YESTERDAY, TODAY, TOMORROW]
    generate_coming_days()
    assert Task.objects.count() == 3


def test_other_templates_are_left_alone(huddle: TaskTemplate, manager: Actor, ward: Ward) -> None:
    other = TemplateFactory.create(ward=ward, title="Walkaround")
    generate_coming_days()
    before = list(other.tasks.order_by("pk").values())
    change(huddle, manager, title="Long huddle")
    delete_template(template=huddle, by=manager)
    assert list(other.tasks.order_by("pk").values()) == before


def test_the_audit_log_names_the_template_and_who_changed_it(manager: Actor, ward: Ward) -> None:
    template = save_template(template=TemplateFactory.build(ward=ward), by=manager)
    number = str(template.pk)
    change(template, manager, title="Long huddle")
    delete_template(template=template, by=manager)
    events = AuditEvent.objects.filter(object_type="template").order_by("sequence")
    assert [(event.action, event.object_id) for event in events] == [
        ("template.create", number),
        ("template.change", number),
        ("template.delete", number),
    ]
    assert {(event.actor_id, event.ward, event.source) for event in events} == {
        (manager.user_id, ward.name, "admin")
    }


@pytest.mark.parametrize("value", [[], [0], [8], [1, 9], ["1"], [None], [[1]], [True], 1, "12", {}])
def test_weekdays_are_numbers_from_monday_1_to_sunday_7(value: object) -> None:
    with pytest.raises(ValidationError):
        check_weekdays(value)


@pytest.mark.django_db(transaction=True)
def test_a_claim_during_a_change_wins_or_meets_the_changed_task(
    huddle: TaskTemplate, manager: Actor, nurse: User
) -> None:
    for number in range(8):
        task = on(huddle, TOMORROW + timedelta(number % 7))
        claim, changed = at_once(
            partial(actions.claim, task=task, by=person(nurse)),
            partial(change, huddle, manager, title=f"Huddle {number}"),
        )
        assert changed is None
        stands = on(huddle, task.due_on)
        if isinstance(claim, Task):
            assert (stands.pk, stands.title, stands.claimed_by) == (task.pk, task.title, nurse)
            actions.release(task=claim, by=person(nurse))
        else:
            assert isinstance(claim, TaskChanged | Task.DoesNotExist)
            assert stands.title == f"Huddle {number}" or stands.version > 1
    assert huddle.tasks.count() == 9


@pytest.mark.django_db(transaction=True)
def test_deleting_a_template_while_nurses_work_locks_nobody_out(
    huddle: TaskTemplate, manager: Actor, nurse: User
) -> None:
    a_month = list(days(TODAY - timedelta(30), 32))
    generate(days=a_month, templates=[huddle])
    tasks = list(huddle.tasks.filter(due_on__lte=TODAY))

    def work(number: int) -> None:
        for task in tasks[number::4]:
            actions.complete(task=task, by=person(nurse))

    delete = partial(delete_template, template=huddle, by=manager)
    results = at_once(*(partial(work, number) for number in range(4)), delete)
    assert results == [None] * 5
    assert Task.objects.filter(status="completed", template=None).count() == 31
    assert not TaskTemplate.objects.exists()

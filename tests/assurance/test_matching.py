"""Which task does an audit complete? domain.md's rule, as a table and as properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assurance.matching import Candidate, choose
from tasks.models import Shift
from tasks.shifts import LONDON, local_date, window
from wards.models import Ward

BYRON = Ward(name="Byron")
MON, TUE, WED = date(2026, 1, 26), date(2026, 1, 27), date(2026, 1, 28)
SPRING, AUTUMN = date(2026, 3, 28), date(2026, 10, 24)  # the clocks change in these nights
EARLY, LATE, NIGHT = Shift
OPEN, DONE = True, False

Spec = tuple[date, Shift, bool]


def candidates(*specs: Spec) -> list[Candidate]:
    """Return candidates with the ids 1, 2, 3 …"""
    return [
        Candidate(number, window(BYRON, day, shift), day, is_open)
        for number, (day, shift, is_open) in enumerate(specs, 1)
    ]


def at(day: date, clock: str, fold: int = 0) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), LONDON).replace(fold=fold)


Chosen = tuple[int, bool]

TABLE: dict[str, tuple[list[Spec], datetime, Chosen | None]] = {
    "on duty": ([(TUE, EARLY, OPEN)], at(TUE, "08:14"), (1, OPEN)),
    "the first moment": ([(TUE, EARLY, OPEN)], at(TUE, "07:00"), (1, OPEN)),
    "already complete": ([(TUE, EARLY, DONE)], at(TUE, "08:14"), (1, DONE)),
    "handover: ends first": (
        [(TUE, LATE, OPEN), (TUE, EARLY, OPEN)], at(TUE, "14:10"), (2, OPEN),
    ),
    "handover: the older is done": (
        [(TUE, EARLY, DONE), (TUE, LATE, OPEN)], at(TUE, "14:10"), (2, OPEN),
    ),
    "handover: both done, ends last": (
        [(TUE, LATE, DONE), (TUE, EARLY, DONE)], at(TUE, "14:10"), (1, DONE),
    ),
    "the end belongs to the next shift": (
        [(TUE, EARLY, OPEN), (TUE, LATE, OPEN)], at(TUE, "14:30"), (2, OPEN),
    ),
    "after midnight: last evening's night": (
        [(TUE, NIGHT, OPEN), (WED, NIGHT, OPEN)], at(WED, "02:00"), (1, OPEN),
    ),
    "on duty and done: never further": (
        [(TUE, EARLY, DONE), (TUE, LATE, OPEN)], at(TUE, "08:00"), (1, DONE),
    ),
    "last night done: today's is not taken": (
        [(TUE, NIGHT, DONE), (WED, EARLY, OPEN)], at(WED, "02:00"), (1, DONE),
    ),
    "off duty: that day's nearest": (
        [(TUE, EARLY, OPEN), (TUE, NIGHT, OPEN)], at(TUE, "15:00"), (1, OPEN),
    ),
    "off duty: the later is nearer": (
        [(TUE, EARLY, OPEN), (TUE, NIGHT, OPEN)], at(TUE, "20:00"), (2, OPEN),
    ),
    "off duty, as near: the earlier": (
        [(TUE, NIGHT, OPEN), (TUE, EARLY, OPEN)], at(TUE, "17:45"), (2, OPEN),
    ),
    "off duty: an open one before a nearer done one": (
        [(TUE, EARLY, DONE), (TUE, NIGHT, OPEN)], at(TUE, "15:00"), (2, OPEN),
    ),
    "off duty: all done": ([(TUE, EARLY, DONE)], at(TUE, "15:00"), (1, DONE)),
    "before the first shift of the day": ([(WED, EARLY, OPEN)], at(WED, "02:00"), (1, OPEN)),
    "yesterday's early is too late": ([(MON, EARLY, OPEN)], at(TUE, "08:00"), None),
    "tomorrow's is too early": ([(WED, EARLY, OPEN)], at(TUE, "23:59"), None),
    "equal tasks: the older id": (
        [(TUE, EARLY, OPEN), (TUE, EARLY, OPEN)], at(TUE, "08:00"), (1, OPEN),
    ),
    "equal done tasks: the older id": (
        [(TUE, EARLY, DONE), (TUE, EARLY, DONE)], at(TUE, "08:00"), (1, DONE),
    ),
    "none": ([], at(TUE, "08:00"), None),
    "the short night, before the gap": (
        [(SPRING, NIGHT, OPEN)], at(SPRING + timedelta(1), "00:59"), (1, OPEN),
    ),
    "the short night, its last minute": (
        [(SPRING, NIGHT, OPEN)], at(SPRING + timedelta(1), "07:29"), (1, OPEN),
    ),
    "the long night, one o'clock the first time": (
        [(AUTUMN, NIGHT, OPEN)], at(AUTUMN + timedelta(1), "01:30"), (1, OPEN),
    ),
    "the long night, one o'clock the second time": (
        [(AUTUMN, NIGHT, OPEN)], at(AUTUMN + timedelta(1), "01:30", fold=1), (1, OPEN),
    ),
    "the long night is over": (
        [(AUTUMN, NIGHT, OPEN), (AUTUMN + timedelta(1), LATE, OPEN)],
        at(AUTUMN + timedelta(1), "07:30"),
        (2, OPEN),
    ),
}  # fmt: skip


def chosen(tasks: list[Candidate], moment: datetime) -> Chosen | None:
    """Which task the rule chooses, and whether it is open."""
    found = choose(tasks, moment)
    return (found.task_id, found.is_open) if found else None


@pytest.mark.parametrize(("specs", "moment", "expected"), TABLE.values(), ids=TABLE)
def test_the_rule(specs: list[Spec], moment: datetime, expected: Chosen | None) -> None:
    assert chosen(candidates(*specs), moment.astimezone(UTC)) == expected


def test_summer_time_decides_the_local_date() -> None:
    """23:30 UTC is past midnight in summer: the new day's task, not the old one's."""
    july = date(2026, 7, 1)
    tasks = candidates((july - timedelta(1), EARLY, OPEN), (july, EARLY, OPEN))
    assert chosen(tasks, datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == (2, OPEN)


MINUTE = timedelta(minutes=1)


def minutes_after(begin: datetime, most: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, most).map(lambda minutes: begin + minutes * MINUTE)


moments = st.one_of(
    minutes_after(datetime(2026, 1, 1, tzinfo=UTC), 365 * 24 * 60),
    *(minutes_after(at(day, "20:00").astimezone(UTC), 20 * 60) for day in (SPRING, AUTUMN)),
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Candidate], datetime]:
    """A moment, and tasks of the days around it."""
    moment = draw(moments)
    today = local_date(moment)
    day = st.integers(-3, 3).map(lambda offset: today + timedelta(offset))
    specs = draw(st.lists(st.tuples(day, st.sampled_from(Shift), st.booleans()), max_size=8))
    return candidates(*specs), moment


@given(situations())
def test_an_open_task_of_the_shift_on_duty_always_wins(
    situation: tuple[list[Candidate], datetime],
) -> None:
    tasks, moment = situation
    match = choose(tasks, moment)
    on_duty = {task.task_id: task for task in tasks if moment in task.window}
    if on_duty:
        assert match is not None
        assert match.task_id in on_duty
        assert match.is_open == any(task.is_open for task in on_duty.values())


@given(situations())
def test_the_answer_is_of_a_shift_on_duty_or_of_that_day(
    situation: tuple[list[Candidate], datetime],
) -> None:
    tasks, moment = situation
    if match := choose(tasks, moment):
        assert moment in match.window or match.due_on == local_date(moment)


@given(situations(), st.randoms())
def test_the_order_of_the_tasks_does_not_matter(
    situation: tuple[list[Candidate], datetime], random: Random
) -> None:
    tasks, moment = situation
    shuffled = random.sample(tasks, len(tasks))
    assert choose(shuffled, moment) == choose(tasks, moment)


@given(situations())
def test_only_tasks_of_the_day_and_the_day_before_matter(
    situation: tuple[list[Candidate], datetime],
) -> None:
    """The database is asked for those two days only."""
    tasks, moment = situation
    today = local_date(moment)
    near = [task for task in tasks if task.due_on in (today - timedelta(1), today)]
    assert choose(near, moment) == choose(tasks, moment)


@given(situations())
def test_completing_what_was_chosen_never_opens_a_second_task_of_an_earlier_shift(
    situation: tuple[list[Candidate], datetime],
) -> None:
    """Audits at one moment complete each open task once, then are already complete."""
    tasks, moment = situation
    chosen: list[int] = []
    while (match := choose(tasks, moment)) and match.is_open:
        chosen.append(match.task_id)
        tasks = [
            replace(task, is_open=task.is_open and task.task_id != match.task_id) for task in tasks
        ]
    assert len(chosen) == len(set(chosen))

"""The past of an invented trust: on each day the work, the notes, and who looked at whom.

A day of a ward has some 24 ward tasks, as the demo's wards have, 12 tasks and 5 appointments for
its 25 patients, a note on each patient and two looks at them. Most work is done, some is called
off, and what is forgotten and not carried over stays open for ever.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent, ChainHead
from benchmarks.rows import Rows
from benchmarks.trust import LivedWard, found_trust
from demo.patient_work import MEETINGS, WORK
from systmone.simulator.fiction.names import NOTES
from tasks.models import DayPart, Kind, Status, Task, TaskEvent
from tasks.shifts import local, local_date
from wards.actors import Source
from wards.models import CaseNote, Membership, Stay, User

DAYS_AHEAD = 7
SEAL = "0" * 64  # pages do not check the chain, and its links would take hours


@dataclass(frozen=True)
class Day:
    """A day, and how many days before today it is: below zero if it is to come."""

    date: date
    days_back: int

    def at(self, minutes: int) -> datetime:
        return local(self.date, time(minutes // 60, minutes % 60))


def live(*, wards: int, days: int) -> list[LivedWard]:
    """Fill an empty database with a trust and its past, day after day, as they came."""
    now = timezone.now()
    rows = Rows()
    trust = found_trust(rows, wards=wards, days=days, now=now)
    chronicle = Chronicle(rows, now)
    for days_back in range(days, -DAYS_AHEAD - 1, -1):
        day = Day(local_date(now) - timedelta(days=days_back), days_back)
        for lived in trust:
            chronicle.tell(lived, day)
        rows.store()
    chronicle.close()
    rows.finish()
    return trust


class Chronicle:
    """Writes down what happened on a day of a ward."""

    def __init__(self, rows: Rows, now: datetime) -> None:
        self.rows = rows
        self.now = now
        self._sequence = count(1)

    def close(self) -> None:
        """Let the audit log go on where the past ended."""
        self.rows.add(ChainHead(pk=1, sequence=next(self._sequence) - 1, seal=SEAL, proof=SEAL))
        self.rows.store()

    def tell(self, lived: LivedWard, day: Day) -> None:
        """Store the day's work and what became of it, the notes and the looks."""
        chance = lived.chance("day", day.days_back)
        for task in _work(lived, day, chance):
            self._work(self.rows.add(task), day, chance.choice(lived.nurses), chance)
        if day.days_back > 0:
            for stay in lived.stays_on(day.days_back):
                self._see_and_write(stay, day, chance.choice(lived.nurses), chance)

    def _work(self, task: Task, day: Day, by: User, chance: Random) -> None:
        """Say what became of `task`, with an event for each step."""
        created = day.at(150) - timedelta(days=DAYS_AHEAD)
        self.rows.add(TaskEvent(task_id=task.pk, action=TaskEvent.Action.CREATE, at=created,
                                by_name="The schedule", source=Source.JOB))  # fmt: skip
        fate = chance.random()
        at = min(day.at(chance.randrange(450, 1260)), self.now - timedelta(minutes=5))
        if day.days_back < 0 or fate < _share_left_open(task, day):
            return
        if fate > 0.97:
            task.status, task.cancelled_reason = Status.CANCELLED, "Not needed today"
            self._event(task, TaskEvent.Action.CANCEL, at, by)
            return
        if chance.random() < 0.5:
            self._event(task, TaskEvent.Action.CLAIM, at - timedelta(minutes=4), by)
            task.claimed_by, task.claimed_at = by, at - timedelta(minutes=4)
        task.status, task.completed_at = Status.COMPLETED, at
        task.completed_by, task.completed_by_name = by, by.name
        self._event(task, TaskEvent.Action.COMPLETE, at, by)

    def _event(self, task: Task, action: TaskEvent.Action, at: datetime, by: User) -> None:
        task.version += 1
        event = TaskEvent(
            task_id=task.pk, action=action, at=at, by_id=by.pk, by_name=by.name, source=Source.WEB
        )
        self.rows.add(event)
        self._audit(f"task.{action}", ("task", task.public_id), task.ward.name, at, by)

    def _see_and_write(self, stay: Stay, day: Day, by: User, chance: Random) -> None:
        for _ in range(2):
            at = day.at(chance.randrange(420, 1260))
            about = ("patient", str(stay.patient_id))
            self._audit("patient.view", about, stay.ward.name, at, by)
        note = CaseNote(
            patient_id=stay.patient_id,
            ward_id=stay.ward_id,
            text=" ".join(chance.sample(NOTES, 2)),
            author_id=by.pk,
            author_name=by.name,
            written_at=day.at(chance.randrange(420, 1260)),
        )
        self.rows.add(note)

    def _audit(
        self, action: str, about: tuple[str, str], ward: str, at: datetime, by: User
    ) -> None:
        self.rows.add(
            AuditEvent(
                sequence=next(self._sequence),
                at=at,
                actor_id=str(by.pk),
                actor_name=by.name,
                source=Source.WEB,
                address="10.20.30.40",
                action=action,
                object_type=about[0],
                object_id=about[1],
                ward=ward,
                seal=SEAL,
            )
        )


def _share_left_open(task: Task, day: Day) -> float:
    """How much is still to do, or was forgotten; what is carried over is done within days."""
    if day.days_back == 0:
        return 0.5
    if not task.carry_over:
        return 0.05 if task.kind == Kind.WARD else 0.0
    return 0.1 if day.days_back <= 3 else 0.0


def _work(lived: LivedWard, day: Day, chance: Random) -> Iterator[Task]:
    for template in lived.templates:
        if template.falls_on(day.date):
            yield Task(
                kind=Kind.WARD,
                ward=lived.ward,
                title=template.title,
                instructions=template.instructions,
                due_on=day.date,
                shift=template.shift,
                priority=template.priority,
                carry_over=template.carry_over,
                template_id=template.pk,
                audit_type=template.audit_type,
                guide_id=template.guide_id,
            )
    for stay in lived.stays_on(day.days_back):
        if chance.random() < 0.5:
            yield _patient_task(stay, day, chance)
        if chance.random() < 0.2:
            yield _appointment(stay, day, chance)


def _patient_task(stay: Stay, day: Day, chance: Random) -> Task:
    work = chance.choice(WORK)
    return Task(
        kind=Kind.PATIENT,
        ward=stay.ward,
        patient_id=stay.patient_id,
        title=work.title,
        category=work.category,
        priority=work.priority,
        carry_over=work.carry_over,
        due_on=day.date,
    )


def _appointment(stay: Stay, day: Day, chance: Random) -> Task:
    meeting = chance.choice(MEETINGS)
    return Task(
        kind=Kind.APPOINTMENT,
        ward=stay.ward,
        patient_id=stay.patient_id,
        title=meeting.title,
        due_on=day.date,
        time=meeting.at,
        day_part="" if meeting.at else DayPart.MORNING,
        place=meeting.place,
        attendees=meeting.attendees,
    )


def pages_of(trust: list[LivedWard], *, wards: int) -> dict[str, list[str]]:
    """Return the addresses of each kind of page, on the first `wards` wards."""
    shown = trust[:wards]
    patients = [one.stays[0][number].patient_id for number, one in enumerate(shown)]
    slugs = [one.ward.slug for one in shown]
    yesterday = local_date(timezone.now()) - timedelta(days=1)
    return {
        "ward board": [reverse("ward_board", args=[slug]) for slug in slugs],
        "diary with patients": [reverse("ward_diary", args=[slug]) for slug in slugs],
        "diary of another day": [
            reverse("ward_diary_of_day", args=[slug, yesterday]) for slug in slugs
        ],
        "my tasks": [reverse("my_tasks") for _ in slugs],
        "patient": [reverse("patient", args=[patient]) for patient in patients],
        "work of a patient": [reverse("patient_work", args=[patient]) for patient in patients],
    }


def signed_in_nurse(trust: list[LivedWard], *, wards: int) -> str:
    """Return the session of a nurse of the first ward who sees the first `wards` wards.

    She has claimed what is left of today on her own.
    """
    own, *others = trust[:wards]
    user = User.objects.get(pk=own.nurses[0].pk)
    for lived in others:
        Membership.objects.create(user=user, ward=lived.ward)
    now = timezone.now()
    today = Task.objects.open().filter(ward=own.ward, due_on=local_date(now))
    today.update(claimed_by=user, claimed_at=now)
    browser = Client()
    browser.force_login(user)
    return browser.cookies["sessionid"].value


def load(*, wards: int, days: int, shown: int) -> None:
    """Fill the database; print what the measuring needs to know, as JSON."""
    trust = live(wards=wards, days=days)
    known = {
        "session": signed_in_nurse(trust, wards=shown),
        "pages": pages_of(trust, wards=shown),
        "tasks": Task.objects.count(),
        "events": TaskEvent.objects.count(),
    }
    print(json.dumps(known))

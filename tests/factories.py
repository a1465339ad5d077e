"""Test data: the least that makes a valid row; all of it fictional."""

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from library.models import Guide
from tasks.models import AuditType, Kind, Shift, Task, TaskTemplate
from wards.models import Bed, Membership, Patient, Role, Room, User, Ward

TODAY = date(2026, 1, 27)


class WardFactory(DjangoModelFactory[Ward]):
    class Meta:
        model = Ward

    name = factory.Sequence(lambda number: f"Ward {number}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    name = factory.Sequence(lambda number: f"Nurse {number}")
    email = factory.Sequence(lambda number: f"nurse{number}@example.nhs.uk")
    staff_id = factory.Sequence(lambda number: f"NHS{number:06}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    ward = factory.SubFactory(WardFactory)


class GuideFactory(DjangoModelFactory[Guide]):
    class Meta:
        model = Guide

    slug = factory.Sequence(lambda number: f"guide-{number}")
    title = factory.Sequence(lambda number: f"Guide {number}")
    summary = "What to do."


class TemplateFactory(DjangoModelFactory[TaskTemplate]):
    class Meta:
        model = TaskTemplate

    ward = factory.SubFactory(WardFactory)
    title = "Safety huddle"
    weekdays = [1, 2, 3, 4, 5, 6, 7]
    shift = Shift.EARLY
    active_from = date(2020, 1, 1)


class TaskFactory(DjangoModelFactory[Task]):
    """A ward task, pending, in the early shift of TODAY."""

    class Meta:
        model = Task

    kind = Kind.WARD
    ward = factory.SubFactory(WardFactory)
    title = "Safety huddle"
    due_on = TODAY
    shift = Shift.EARLY


class AuditTaskFactory(TaskFactory):
    title = "Fridge temperature"
    audit_type = AuditType.FRIDGE_TEMPS


class PatientFactory(DjangoModelFactory[Patient]):
    class Meta:
        model = Patient

    first_name = "Beatrice"
    surname = factory.Sequence(lambda number: f"Quill {number}")
    date_of_birth = date(1980, 1, 1)


def member_of(*wards: Ward, role: Role = Role.NORMAL_USER, **fields: Any) -> User:
    """Return a new person with `role` on each of `wards`."""
    user = UserFactory.create(**fields)
    for ward in wards:
        MembershipFactory.create(user=user, ward=ward, role=role)
    return user


def senior_admin(**fields: Any) -> User:
    """Return a new senior admin."""
    user = UserFactory.create(**fields)
    MembershipFactory.create(user=user, ward=None, role=Role.SENIOR_ADMIN)
    return user


def completed(task: Task, by: User) -> Task:
    """Return `task` as completed by `by`, without history."""
    task.status = "completed"
    task.completed_by, task.completed_by_name, task.completed_at = by, by.name, timezone.now()
    task.save()
    return task


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    ward = factory.SubFactory(WardFactory)
    name = factory.Sequence(lambda number: f"Room {number}")


class BedFactory(DjangoModelFactory[Bed]):
    class Meta:
        model = Bed

    room = factory.SubFactory(RoomFactory)
    name = factory.Sequence(lambda number: f"{number}")


def beds_on(ward: Ward, count: int) -> list[Bed]:
    """Return new beds of `ward`, each in a room of its own."""
    return [BedFactory.create(room__ward=ward) for _ in range(count)]

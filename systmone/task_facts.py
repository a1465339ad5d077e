"""What the diary's cards show of SystmOne."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from systmone.bookings import NAMES
from systmone.diary import said_here
from systmone.models import Booking, SharedTask
from systmone.models.call import WAITING
from systmone.task_merge import Side
from systmone.task_words import differing
from systmone.words import told
from tasks.card_facts import CardFact
from tasks.models import Kind, Task
from tasks.words import date_and_clock
from wards.features import Feature, feature_available

STALE = timedelta(hours=1)  # readings are five minutes apart

TEMPLATE = "systmone/card_fact.jinja"


@dataclass(frozen=True)
class InSystmOne:
    """What one card shows: where it comes from, and what a person has to know of it."""

    text: str
    warnings: tuple[str, ...] = ()


def of_appointments(tasks: Sequence[Task]) -> Mapping[int, CardFact]:
    """Return what is known of those appointments that came from SystmOne's diary, by task id."""
    appointments = {task.pk: task for task in tasks if task.kind == Kind.APPOINTMENT}
    if not appointments or not feature_available(Feature.SYSTMONE):
        return {}
    return {
        booking.task_id: CardFact(TEMPLATE, _booked(booking, appointments[booking.task_id]))
        for booking in Booking.objects.filter(task__in=appointments)
    }


def of_patient_tasks(tasks: Sequence[Task]) -> Mapping[int, CardFact]:
    """Return how those tasks stand in SystmOne that are there, or on their way, by task id."""
    of_patients = {task.pk: task for task in tasks if task.kind == Kind.PATIENT}
    if not of_patients or not feature_available(Feature.SYSTMONE):
        return {}
    shared = SharedTask.objects.filter(task__in=of_patients).select_related("call__gateway")
    # What is on its way is told live by the panel of the task's page, and soon over.
    return {
        one.task_id: CardFact(TEMPLATE, _shared(one, of_patients[one.task_id]))
        for one in shared
        if one.compared_at or (one.call and one.call.state not in WAITING)
    }


def _shared(shared: SharedTask, task: Task) -> InSystmOne:
    origin = "Sent to SystmOne" if shared.call else "From SystmOne"
    how = Side(shared.there).label
    when = date_and_clock(shared.compared_at) if shared.compared_at else ""
    warnings = [shared.conflict] if shared.conflict else []
    if task.is_open and (other := differing(shared, task)):
        warnings.append(other)
    if shared.compared_at is None and shared.call:
        return InSystmOne(told(shared.call), tuple(warnings))
    if not task.is_open and shared.there == Side.OPEN:
        warnings.append("Still open in SystmOne: close it there")
    return InSystmOne(f"{origin}, {how} there, compared {when}", tuple(warnings))


def _booked(booking: Booking, task: Task) -> InSystmOne:
    when = date_and_clock(booking.seen_at)
    if booking.gone_at:
        return InSystmOne(f"No longer in SystmOne's diary, last seen {when}")
    warnings = [booking.replaced] if booking.replaced else []
    if task.is_open:
        here = said_here(task)
        warnings += [
            f"SystmOne says: {NAMES[part]} is {value or 'empty'}"
            for part, value in booking.said.items()
            if here[part] != value
        ]
    # A time that changes with each reading would make every open page load again.
    if timezone.now() - booking.seen_at > STALE:
        warnings.append(f"not read since {when}")
    return InSystmOne("From SystmOne's diary", tuple(warnings))

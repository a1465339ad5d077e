"""When a piece of work is due, whatever its kind: it is overdue once its window has ended.

- A ward task has its shift.
- A patient task has its day, up to local midnight.
- An appointment has the hour that begins at its time; one in the morning has until noon, one in
  the afternoon until 18:00.
"""

from datetime import time, timedelta

from tasks import shifts
from tasks.models import DayPart, Kind, Shift, Task
from tasks.shifts import ONE_DAY, Window, local
from wards.models import Ward

APPOINTMENT = timedelta(hours=1)
MIDNIGHT, NOON, EVENING = time(0), time(12), time(18)

DAY_PARTS = {DayPart.MORNING: (MIDNIGHT, NOON), DayPart.AFTERNOON: (NOON, EVENING)}


def window_of(task: Task, ward: Ward) -> Window:
    """Return when `task`, which is of `ward`, is to be done."""
    match Kind(task.kind):
        case Kind.WARD:
            return shifts.window(ward, task.due_on, Shift(task.shift))
        case Kind.PATIENT:
            return Window(local(task.due_on, MIDNIGHT), local(task.due_on + ONE_DAY, MIDNIGHT))
        case Kind.APPOINTMENT:
            return _appointment(task)


def _appointment(task: Task) -> Window:
    if task.time is None:
        start, end = DAY_PARTS[DayPart(task.day_part)]
        return Window(local(task.due_on, start), local(task.due_on, end))
    begins = local(task.due_on, task.time)
    return Window(begins, begins + APPOINTMENT)


def in_order_of_the_day(task: Task) -> tuple[bool, bool, time]:
    """Sort appointments by time; one for a half of the day stands after the timed ones of it."""
    if task.time is None:
        return task.day_part == DayPart.AFTERNOON, True, MIDNIGHT
    return task.time >= NOON, False, task.time

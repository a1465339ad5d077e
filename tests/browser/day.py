"""A realistic day on Byron: fourteen tasks, as a ward has them."""

from datetime import timedelta

from tasks import actions
from tasks.models import AuditType, Priority, Shift, Task
from tests.factories import TODAY, AuditTaskFactory, GuideFactory, TaskFactory, completed
from wards.actors import person
from wards.models import User, Ward

ROUTINE, IMPORTANT, URGENT = Priority.ROUTINE, Priority.IMPORTANT, Priority.URGENT

# fmt: off
WORK = [
    (Shift.EARLY, IMPORTANT, "Morning medication round"),
    (Shift.EARLY, URGENT,    "Observations allocation"),
    (Shift.EARLY, ROUTINE,   "Safety huddle"),
    (Shift.EARLY, ROUTINE,   "Ward round preparation"),
    (Shift.EARLY, ROUTINE,   "Bed state and staffing return"),
    (Shift.LATE,  IMPORTANT, "Evening medication round"),
    (Shift.LATE,  ROUTINE,   "Activity group"),
    (Shift.LATE,  ROUTINE,   "Evening meal supervision"),
    (Shift.NIGHT, IMPORTANT, "Night medication round"),
    (Shift.NIGHT, IMPORTANT, "Doors and fire exits check"),
]
AUDITS = [
    (Shift.EARLY, AuditType.FRIDGE_TEMPS),
    (Shift.LATE,  AuditType.WATER_TEMPS),
    (Shift.NIGHT, AuditType.LIGATURE_CHECK),
]
# fmt: on
CARRIED_OVER = "Linen and stock order"


def plan_day(ward: Ward, *, done_by: User, claimed_by: User) -> None:
    """Fill `ward`'s day at ten in the morning: one task done, one claimed, one carried over."""
    for shift, priority, title in WORK:
        TaskFactory.create(ward=ward, shift=shift, priority=priority, title=title)
    for shift, audit_type in AUDITS:
        guide = GuideFactory.create(title=f"{audit_type.label}, step by step")
        AuditTaskFactory.create(
            ward=ward, shift=shift, audit_type=audit_type, title=audit_type.label, guide=guide
        )
    TaskFactory.create(
        ward=ward, due_on=TODAY - timedelta(days=1), title=CARRIED_OVER, carry_over=True
    )
    completed(Task.objects.get(title="Safety huddle"), done_by)
    claim(Task.objects.get(title="Ward round preparation"), claimed_by)


def claim(task: Task, by: User) -> None:
    actions.claim(task=task, by=person(by))

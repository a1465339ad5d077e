"""Who may do what to a task; none of this knows HTTP."""

from tasks.models import Status, Task
from wards.access import has_role_on
from wards.models import Role, User


def can_reopen(user: User, task: Task) -> bool:
    """What is done may be undone by everybody; what was called off by those who may call off."""
    return task.status != Status.CANCELLED or can_cancel(user, task)


def can_cancel(user: User, task: Task) -> bool:
    """Calling work off is for those who run the ward."""
    return has_role_on(user, task.ward, role=Role.WARD_ADMIN)

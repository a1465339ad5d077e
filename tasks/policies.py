"""Who may do what to a task; none of this knows HTTP."""

from tasks.models import Task
from wards.access import has_role_on
from wards.models import Role, User


def can_cancel(user: User, task: Task) -> bool:
    """Calling work off is for those who run the ward."""
    return has_role_on(user, task.ward, role=Role.WARD_ADMIN)

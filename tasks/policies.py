"""Who may do what to a task; none of this knows HTTP."""

from tasks.legal_work import BY_ITSELF
from tasks.models import Status, Task, TaskTemplate
from tasks.transitions import Action
from wards.access import has_role_on
from wards.models import Role, User, Ward


def can_reopen(user: User, task: Task) -> bool:
    """What is done may be undone by everybody; what was called off by those who may call off."""
    if task.occasion and task.cancelled_reason in BY_ITSELF:
        return False  # the schedule makes another where the legal status asks for it
    return task.status != Status.CANCELLED or can_cancel(user, task)


def can_cancel(user: User, task: Task) -> bool:
    """Calling work off is for those who run the ward, and for whoever added it by mistake."""
    return has_role_on(user, task.ward, role=Role.WARD_ADMIN) or (
        is_made_by_hand(task) and task.events.filter(action=Action.CREATE, by=user).exists()
    )


def can_edit(task: Task) -> bool:
    """Everybody on the ward may change what was made by hand and is still to do."""
    return task.is_open and is_made_by_hand(task)


def is_made_by_hand(task: Task) -> bool:
    """Say whether a person added `task`, rather than a template, an audit or the schedule."""
    is_generated = task.template_id is not None or task.occasion != ""
    return not is_generated and task.follow_up_of_id is None and not task.audit_type


def can_decide(user: User, ward: Ward) -> bool:
    """Approving or declining what repeats is for those who run the ward."""
    return has_role_on(user, ward, role=Role.WARD_ADMIN)


def can_revise(user: User, template: TaskTemplate) -> bool:
    """Changing or withdrawing a proposal is for whoever made it, while nobody has decided."""
    return template.is_waiting and template.proposed_by_id == user.pk

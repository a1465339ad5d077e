"""Repeating ward work that people propose, and that a ward admin approves or declines.

Each function is one transaction: the change and its audit event. Each raises `ProposalSettled` when
the proposal is not as the caller saw it; then nothing has changed.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tasks.models import TaskTemplate
from tasks.policies import can_decide
from tasks.recurrence import first_day, save_template, write_down
from tasks.schedule import coming_days, generate
from wards.actors import Actor

# fmt: off
REVISABLE = {
    "title", "instructions", "weekdays", "shift", "priority", "guide", "carry_over", "active_from",
    "active_until",
}
# fmt: on
"""What may be changed of a proposal: never its ward, nor who proposed it."""


class ProposalSettled(Exception):
    """The proposal was changed, decided or withdrawn meanwhile.

    `current` is the template as it stands; `None` if it was withdrawn.
    """

    def __init__(self, template: TaskTemplate) -> None:
        found = TaskTemplate.objects.proposed().filter(pk=template.pk)
        self.current = found.select_related("proposed_by", "approved_by", "declined_by").first()
        super().__init__(f"proposal {template.pk} has changed")


class ProposalOver(Exception):
    """The last day of the proposal is over, so that no task would come of it."""

    def __init__(self, template: TaskTemplate) -> None:
        super().__init__(f"proposal {template.pk} is over")


def add(*, template: TaskTemplate, by: Actor) -> TaskTemplate:
    """Store a new template: in force at once if `by` runs the ward, else as a proposal."""
    if by.user is not None and not can_decide(by.user, template.ward):
        return propose(template=template, by=by)
    return save_template(template=template, by=by)


@transaction.atomic
def propose(*, template: TaskTemplate, by: Actor, at: datetime | None = None) -> TaskTemplate:
    """Store `template`, new and not yet saved, as a proposal of the person `by`."""
    template.proposed_by, template.proposed_at = by.user, at or timezone.now()
    template.save(force_insert=True)
    write_down(template, "template.propose", by)
    return template


@transaction.atomic
def revise(
    *, template: TaskTemplate, by: Actor, at: datetime | None = None, **new: Any
) -> TaskTemplate:
    """Set the fields `new`, of those that are `REVISABLE`, of a proposal that waits."""
    if unknown := new.keys() - REVISABLE:
        raise TypeError(f"not revisable: {', '.join(sorted(unknown))}")
    _set(template, {**new, "proposed_at": at or timezone.now()})
    write_down(template, "template.revise", by)
    return template


@transaction.atomic
def withdraw(*, template: TaskTemplate, by: Actor) -> None:
    """Take back a proposal that waits; the audit log keeps that there was one."""
    if not _as_seen(template).select_for_update():  # locked: whoever decides at this moment waits
        raise ProposalSettled(template)
    write_down(template, "template.withdraw", by)
    template.delete()


@transaction.atomic
def approve(*, template: TaskTemplate, by: Actor, at: datetime | None = None) -> TaskTemplate:
    """Put a proposal in force: its tasks begin with the first shift that is not over.

    Raises ProposalOver, too, where its last day was before that.
    """
    at = at or timezone.now()
    _set(template, {"approved_by": by.user, "approved_at": at})
    template.in_force_from = first_day(template, at)
    if template.active_until and template.active_until < template.in_force_from:
        raise ProposalOver(template)
    template.save(update_fields=["in_force_from"])
    generate(days=coming_days(at), templates=[template], by=by)
    write_down(template, "template.approve", by)
    return template


@transaction.atomic
def decline(
    *, template: TaskTemplate, by: Actor, reason: str, at: datetime | None = None
) -> TaskTemplate:
    """Decline a proposal, telling whoever proposed it why."""
    at = at or timezone.now()
    _set(template, {"declined_by": by.user, "declined_at": at, "declined_reason": reason})
    write_down(template, "template.decline", by)
    return template


def _set(template: TaskTemplate, new: dict[str, Any]) -> None:
    if _as_seen(template).update(**new) != 1:
        raise ProposalSettled(template)
    template.refresh_from_db()


def _as_seen(template: TaskTemplate) -> QuerySet[TaskTemplate]:
    return TaskTemplate.objects.waiting().filter(pk=template.pk, proposed_at=template.proposed_at)

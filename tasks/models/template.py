"""Recurring ward work."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from library.models import Guide
from tasks.models.choices import AuditType, Priority, Shift
from wards.models import User, Ward

WEEKDAYS = ((1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun"))


def check_weekdays(value: object) -> None:
    """Raise ValidationError unless `value` lists ISO weekdays, 1 to 7, at least one."""
    days = value if isinstance(value, list) else []
    known = all(type(day) is int and 1 <= day <= 7 for day in days)
    if not days or not known:
        raise ValidationError("Choose at least one day of the week.")


class TemplateQuerySet(models.QuerySet["TaskTemplate"]):
    def visible_to(self, user: Any) -> "TemplateQuerySet":
        """Templates of the wards that `user` may see."""
        from wards.access import wards_visible_to

        return self.filter(ward__in=wards_visible_to(user))

    def proposed(self) -> "TemplateQuerySet":
        """What somebody asked for who does not run the ward, whatever became of it."""
        return self.filter(proposed_at__isnull=False)

    def waiting(self) -> "TemplateQuerySet":
        """Proposals on which nobody has decided."""
        return self.proposed().filter(approved_at=None, declined_at=None)

    def in_force(self) -> "TemplateQuerySet":
        """What makes tasks: all that needed no approval, or has it."""
        return self.filter(Q(proposed_at=None) | Q(approved_at__isnull=False))


class TaskTemplate(models.Model):
    """A ward task that repeats on chosen weekdays in one shift.

    One that a person proposed who does not run the ward makes no tasks until a ward admin approves
    it. `proposed_at` is the time of the proposal as it stands: a change renews it.
    """

    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="task_templates")
    title = models.CharField(max_length=120)
    instructions = models.TextField(max_length=2000, blank=True)
    weekdays = models.JSONField(validators=[check_weekdays])
    shift = models.CharField(max_length=8, choices=Shift)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ROUTINE)
    audit_type = models.CharField(max_length=20, choices=AuditType, blank=True)
    guide = models.ForeignKey(Guide, on_delete=models.SET_NULL, null=True, blank=True)
    carry_over = models.BooleanField(
        default=False, help_text="If not done, the task appears in the next shift."
    )
    active_from = models.DateField()
    active_until = models.DateField(null=True, blank=True, help_text="the last day; empty: no end")
    in_force_from = models.DateField(
        null=True, editable=False, help_text="the first day to which the latest change applies"
    )

    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="proposed_templates"
    )
    proposed_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="approved_templates"
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    declined_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="declined_templates"
    )
    declined_at = models.DateTimeField(null=True, editable=False)
    declined_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["ward__name", "title", "shift"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_until__isnull=True)
                | Q(active_until__gte=models.F("active_from")),
                name="template_ends_after_it_starts",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None, proposed_at=None)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="template_proposed_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(
                    approved_by__isnull=False, approved_at__isnull=False, proposed_at__isnull=False
                ),
                name="template_approved_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(declined_by=None, declined_at=None, declined_reason="")
                | Q(declined_by__isnull=False, declined_at__isnull=False, proposed_at__isnull=False)
                & ~Q(declined_reason=""),
                name="template_declined_has_person_time_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(declined_at=None), name="template_decided_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_shift_display().lower()}, {self.ward})"

    @property
    def is_in_force(self) -> bool:
        """Say whether this template makes tasks; see `in_force`."""
        return self.proposed_at is None or self.approved_at is not None

    @property
    def is_waiting(self) -> bool:
        """Say whether this is a proposal on which nobody has decided; see `waiting`."""
        return not self.is_in_force and self.declined_at is None

    def falls_on(self, day: date) -> bool:
        """Say whether this template's work is due on `day`."""
        started = max(self.active_from, self.in_force_from or self.active_from) <= day
        ended = self.active_until is not None and day > self.active_until
        return started and not ended and day.isoweekday() in self.weekdays

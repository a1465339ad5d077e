"""Recurring ward work."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from library.models import Guide
from tasks.models.choices import AuditType, Priority, Shift
from wards.models import Ward

WEEKDAYS = ((1, "Mon"), (2, "Tue"), (3, "Wed"), (4, "Thu"), (5, "Fri"), (6, "Sat"), (7, "Sun"))


def check_weekdays(value: object) -> None:
    """Raise ValidationError unless `value` lists ISO weekdays, 1 to 7, at least one."""
    days = value if isinstance(value, list) else []
    known = all(type(day) is int and 1 <= day <= 7 for day in days)
    if not days or not known:
        raise ValidationError("Choose at least one day of the week.")


class TaskTemplate(models.Model):
    """A ward task that repeats on chosen weekdays in one shift."""

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

    class Meta:
        ordering = ["ward__name", "title", "shift"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_until__isnull=True)
                | Q(active_until__gte=models.F("active_from")),
                name="template_ends_after_it_starts",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_shift_display().lower()}, {self.ward})"

    def falls_on(self, day: date) -> bool:
        """Say whether this template's work is due on `day`."""
        started = max(self.active_from, self.in_force_from or self.active_from) <= day
        ended = self.active_until is not None and day > self.active_until
        return started and not ended and day.isoweekday() in self.weekdays

"""Which values of an audit are in range."""

from django.db import models
from django.db.models import F, Q

from tasks.models import AuditType


class ReadingLimit(models.Model):
    """The range of one reading of a type of audit; open at one end where that is empty."""

    audit_type = models.CharField(max_length=20, choices=AuditType)
    reading = models.CharField(
        max_length=100, help_text="as the dashboard names it, for example currentTemp"
    )
    unit = models.CharField(max_length=20, blank=True, help_text="for example °C")
    lowest = models.DecimalField(
        "lowest allowed", max_digits=9, decimal_places=2, null=True, blank=True
    )
    highest = models.DecimalField(
        "highest allowed", max_digits=9, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["audit_type", "reading"]
        verbose_name = "limit of a reading"
        verbose_name_plural = "limits of readings"
        constraints = [
            models.UniqueConstraint(
                fields=["audit_type", "reading"],
                name="reading_limit_once",
                violation_error_message="This reading of this audit has limits already.",
            ),
            models.CheckConstraint(
                condition=Q(lowest__isnull=False) | Q(highest__isnull=False),
                name="reading_limit_limits",
                violation_error_message="Enter the lowest or the highest value allowed, or both.",
            ),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True)
                | Q(highest__isnull=True)
                | Q(lowest__lte=F("highest")),
                name="reading_limit_in_order",
                violation_error_message="The lowest value must not be above the highest.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audit_type_display()}: {self.reading}"

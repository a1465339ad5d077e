"""What people were written to about, so that nobody is told twice and nothing is forgotten."""

from django.db import models
from django.db.models import Q

from systmone.models.gateway import Gateway
from wards.models import Ward


class Kind(models.TextChoices):
    NOTES = "notes", "Notes that somebody must look after"
    STOPPED = "stopped", "Stopped"
    SILENT = "silent", "Silent"
    OLD_QUEUE = "old_queue", "Old queue"


class SentAlert(models.Model):
    """One thing that people are told of: of a ward's notes, or of a gateway.

    Whoever moves `quiet_until` on writes the e-mail, so that one of many workers does. It is short
    while the e-mail is on its way, and the pause until the next one afterwards.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, null=True, related_name="+")
    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, null=True, related_name="+")
    quiet_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="notes", ward__isnull=False, gateway=None)
                | ~Q(kind="notes") & Q(ward=None, gateway__isnull=False),
                name="alert_is_of_a_ward_or_a_gateway",
            ),
            models.UniqueConstraint(
                fields=["ward"], condition=Q(kind="notes"), name="alert_once_per_ward"
            ),
            models.UniqueConstraint(
                fields=["gateway", "kind"],
                condition=~Q(kind="notes"),
                name="alert_once_per_gateway",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ward or self.gateway}"

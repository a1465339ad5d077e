"""Where alerts are posted in Microsoft Teams."""

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from wards.encryption import EncryptedTextField
from wards.models import Ward


class TeamsChannel(models.Model):
    """The address of a Power Automate workflow that posts cards to a channel; it is a secret.

    A ward's alerts go to its own channel, else to that of the trust, which has no ward.
    """

    ward = models.OneToOneField(
        Ward,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="teams_channel",
        help_text="empty: the channel of the trust, for every ward without its own",
    )
    url = EncryptedTextField("address", editable=False)
    is_on = models.BooleanField("on", default=True)
    added_at = models.DateTimeField("added", default=timezone.now, editable=False)
    last_posted_at = models.DateTimeField("last posted", null=True, blank=True, editable=False)
    last_problem = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["ward__name"]
        verbose_name = "Teams channel"
        constraints = [
            models.UniqueConstraint(
                Coalesce("ward", Value(0)),
                name="teams_channel_of_a_ward_or_the_trust",
                violation_error_message="This ward, or the trust, has a channel already.",
            )
        ]

    def __str__(self) -> str:
        return f"Teams channel of {self.ward or 'the trust'}"

"""A SystmOne client that the Hub may speak to, the wards it serves, and who speaks to it now."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from wards.encryption import EncryptedTextField
from wards.models import Ward


class Gateway(models.Model):
    """One SystmOne client, at the end of a tunnel or on this machine.

    A gateway is stopped by what it met (somebody else's server, a blocked device) and started again
    by a person; it is switched off by a person. Calls wait meanwhile.
    """

    name = models.CharField(max_length=60, unique=True)
    host = models.CharField(max_length=200, default="127.0.0.1")
    port = models.PositiveIntegerField(
        default=40700, validators=[MinValueValidator(1), MaxValueValidator(65_535)]
    )
    api_key = EncryptedTextField("API key", help_text="given by TPP; kept encrypted")
    device_id = models.CharField(
        "device id",
        max_length=64,
        blank=True,
        help_text="given by SystmOne when its user approves the Hub; empty: ask for it",
    )
    device_version = models.CharField(max_length=60, default="Inpatient Hub")
    is_on = models.BooleanField("on", default=True)
    test_patients_only = models.BooleanField(
        default=False, help_text="only patients whose NHS number begins with 999"
    )
    seconds_between_requests = models.FloatField(
        default=1.0, validators=[MinValueValidator(0.0), MaxValueValidator(60.0)]
    )
    seconds_between_records = models.FloatField(
        default=30.0, validators=[MinValueValidator(0.0), MaxValueValidator(600.0)]
    )
    seconds_of_margin = models.FloatField(
        default=0.012,
        validators=[MinValueValidator(0.0), MaxValueValidator(5.0)],
        help_text="by which the way to SystmOne may vary; 0.2 through a tunnel",
    )
    seconds_for_an_answer = models.FloatField(
        default=20.0, validators=[MinValueValidator(0.1), MaxValueValidator(25.0)]
    )
    seconds_to_settle = models.FloatField(
        default=3.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(600.0)],
        help_text="before the record is read to see whether a write was done",
    )
    reads_diary = models.BooleanField(
        "read SystmOne's diary",
        default=True,
        help_text="appointments of the wards' patients come into the Hub's diary",
    )
    diary_users = models.TextField(
        "whose diaries",
        max_length=4000,
        blank=True,
        help_text="SystmOne user names, one a line; empty: everybody's",
    )
    diary_sites = models.TextField(
        "of which sites",
        max_length=4000,
        blank=True,
        help_text="SystmOne site names, one a line; empty: all",
    )
    reads_tasks = models.BooleanField(
        "read SystmOne's tasks",
        default=True,
        help_text="tasks of the wards' patients, entered in SystmOne, come into the Hub's diary",
    )
    task_type = models.CharField(
        "type of the Hub's tasks",
        max_length=100,
        blank=True,
        help_text="one of the unit's own, as SystmOne writes it; empty: no task is sent there",
    )
    sites = models.JSONField(
        default=list, editable=False, help_text="names of the unit's sites, as SystmOne has told"
    )
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_because = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "port"],
                name="gateway_address_unique",
                violation_error_message="There is a gateway at this address already.",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_because="")
                | Q(stopped_at__isnull=False) & ~Q(stopped_because=""),
                name="gateway_stopped_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def speaks(self) -> bool:
        """Whether calls go out through it now."""
        return self.is_on and self.stopped_at is None


class DischargeLogs(models.TextChoices):
    """What becomes of the audit log of a discharge."""

    OFF = "off", "Off"
    OFFER = "offer", "Offer it"
    PUSH = "push", "Push it by itself"


class GatewayWard(models.Model):
    """A ward and the one gateway that serves it, with what the ward has set about SystmOne."""

    ward = models.OneToOneField(Ward, on_delete=models.CASCADE, related_name="gateway_ward")
    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, related_name="wards_served")
    served_at = models.DateTimeField(default=timezone.now, editable=False)
    discharge_logs = models.CharField(
        max_length=6, choices=DischargeLogs, default=DischargeLogs.OFFER
    )

    class Meta:
        ordering = ["ward__name"]

    def __str__(self) -> str:
        return f"{self.ward} through {self.gateway}"


class Lease(models.Model):
    """Who may speak to a gateway, until when, and when somebody last did.

    `fence` grows with each holder: what a former holder still wants to write is refused. `past_…`
    are seconds of the database's clock, so that the throttle holds from one holder to the next.
    """

    gateway = models.OneToOneField(
        Gateway, on_delete=models.CASCADE, primary_key=True, related_name="lease"
    )
    fence = models.PositiveBigIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    past_sent = models.FloatField(null=True)
    past_answered = models.FloatField(null=True)
    past_record_sent = models.FloatField(null=True)
    past_record_answered = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"lease of gateway {self.gateway_id}"

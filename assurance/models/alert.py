"""What people are told of the sync, and when they may be told of the same thing again."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from assurance.models.event import Outcome, SyncEvent
from wards.models import User, Ward

GIVEN_UP_AFTER = timedelta(days=7)


class AlertKind(models.TextChoices):
    OUT_OF_RANGE = "out_of_range", "Value out of range"
    CORRECTED = "corrected", "Corrected into range"
    WARD_MISMATCH = "ward_mismatch", "An audit was refused: no access to the ward"
    NO_MATCH = "no_match", "Audits without a task"
    SILENCE = "silence", "No audits arrive"
    RECONCILIATION = "reconciliation", "Audits of yesterday"


class Way(models.TextChoices):
    MAIL = "mail", "E-mail"
    TEAMS = "teams", "Teams"


DONE = {Way.MAIL: "mailed_at", Way.TEAMS: "posted_at"}

_IS_OVER = Q(kind=AlertKind.NO_MATCH, event__isnull=False) & ~(
    Q(event__outcome=Outcome.NO_MATCHING_TASK, event__set_aside_at__isnull=True)
)


class SyncAlertQuerySet(models.QuerySet["SyncAlert"]):
    def standing(self) -> "SyncAlertQuerySet":
        """Alerts that nobody has seen yet, but for audits that have found their task meanwhile."""
        return self.filter(seen_at__isnull=True).exclude(_IS_OVER)

    def waiting_for(self, way: Way, now: datetime) -> "SyncAlertQuerySet":
        """Alerts that have not gone out that way yet; what is a week old is given up."""
        unsent = self.filter(**{f"{DONE[way]}__isnull": True}, at__gte=now - GIVEN_UP_AFTER)
        return unsent.exclude(_IS_OVER)


class SyncAlert(models.Model):
    """One thing that people are to be told; it names no patient.

    Alerts of one kind, ward and subject are the same thing: they are told together. `mailed_at` and
    `posted_at` say when it went out; where there is no channel in Teams, it does not.
    """

    kind = models.CharField(max_length=16, choices=AlertKind)
    ward = models.ForeignKey(
        Ward, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=200)
    lines = models.JSONField()
    path = models.CharField("where to look", max_length=300, blank=True)
    event = models.ForeignKey(
        SyncEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts"
    )
    at = models.DateTimeField("told")
    mailed_at = models.DateTimeField("sent by e-mail", null=True, blank=True)
    posted_at = models.DateTimeField("posted in Teams", null=True, blank=True)
    seen_at = models.DateTimeField("seen", null=True, blank=True)
    seen_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SyncAlertQuerySet.as_manager()

    class Meta:
        verbose_name = "sync alert"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(
                fields=["ward", "at"], condition=Q(seen_at__isnull=True), name="alert_unseen"
            ),
            models.Index(fields=["at"], condition=Q(mailed_at__isnull=True), name="alert_unmailed"),
            models.Index(fields=["at"], condition=Q(posted_at__isnull=True), name="alert_unposted"),
        ]

    def __str__(self) -> str:
        return self.subject


class AlertPause(models.Model):
    """Until when nobody is told of one thing one way again.

    Whoever moves `quiet_until` on sends the message, so that one of many workers does. It is short
    while the message is on its way, and an hour afterwards.
    """

    way = models.CharField(max_length=8, choices=Way)
    kind = models.CharField(max_length=16, choices=AlertKind)
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=200)
    quiet_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["way", "kind", "ward", "subject"],
                condition=Q(ward__isnull=False),
                name="alert_pause_of_a_ward",
            ),
            models.UniqueConstraint(
                fields=["way", "kind", "subject"],
                condition=Q(ward__isnull=True),
                name="alert_pause_of_the_trust",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.way}: quiet until {self.quiet_until}"

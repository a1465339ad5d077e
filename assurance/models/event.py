"""What the machines posted, and what became of it."""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assurance.models.client import ApiClient
from assurance.people import marked_as_unknown
from tasks.models import AuditType, Task
from wards.models import User, Ward


class Outcome(models.TextChoices):
    RECEIVED = "received", "Being processed"
    COMPLETED = "completed", "Completed its task"
    ALREADY_COMPLETE = "already_complete", "Task was complete already"
    NO_MATCHING_TASK = "no_matching_task", "No matching task"
    WARD_MISMATCH = "ward_mismatch", "No access to the ward"
    INVALID = "invalid", "Not valid"
    REPEATED = "repeated", "Sent again"
    CORRECTED = "corrected", "Sent again with other values"
    SOURCE_NOT_ALLOWED = "source_not_allowed", "Address not allowed"
    RATE_LIMITED = "rate_limited", "Too many requests"
    IN_PROGRESS = "in_progress", "Sent again too soon"
    NOT_AN_AUDIT = "not_an_audit", "Not an audit: kept"


SUCCESSES = (Outcome.COMPLETED, Outcome.ALREADY_COMPLETE)
AGAIN = (Outcome.REPEATED, Outcome.CORRECTED)
REFUSALS = (
    Outcome.INVALID,
    Outcome.SOURCE_NOT_ALLOWED,
    Outcome.RATE_LIMITED,
    Outcome.IN_PROGRESS,
)
WITHOUT_AUDIT = (*REFUSALS, Outcome.NOT_AN_AUDIT)

KEPT_FOR = timedelta(days=14)


class SyncEventQuerySet(models.QuerySet["SyncEvent"]):
    def first_of_each_audit(self) -> "SyncEventQuerySet":
        """Events that stand for an audit: neither repeats nor refused requests."""
        return self.filter(repeat_of__isnull=True).exclude(audit_id="")

    def waiting(self) -> "SyncEventQuerySet":
        """Audits that came through the webhook and are not processed yet."""
        return self.filter(outcome=Outcome.RECEIVED)

    def kept(self) -> "SyncEventQuerySet":
        """Audits that have found no task yet, but for those that somebody has set aside."""
        return self.filter(outcome=Outcome.NO_MATCHING_TASK, set_aside_at__isnull=True)

    def waiting_for_their_task(self) -> "SyncEventQuerySet":
        """Kept audits that are matched again: not for ever, and not without a ward."""
        since = timezone.now() - KEPT_FOR
        return self.kept().filter(ward__isnull=False, completed_at__gte=since)

    def awaiting_follow_up(self) -> "SyncEventQuerySet":
        """Events that ask for something; a correction does so once its audit has found its task."""
        waiting = self.filter(needs_follow_up=True, followed_up_at__isnull=True)
        return waiting.filter(Q(repeat_of__isnull=True) | Q(repeat_of__outcome__in=SUCCESSES))


class SyncEvent(models.Model):
    """One authenticated request, whatever became of it.

    The first request with an audit's id stands for the audit; every later one points to it by
    `repeat_of`: a repeat, or a correction with values of its own (see `assurance.corrections`). A
    request that was refused keeps `audit_id` empty, so that a corrected one counts as the first.
    `task_public_id` and `synced_at` remain when the task is deleted: they are what was answered.
    `limits` and `out_of_range` are what was said of the values when they came.
    """

    public_id = models.UUIDField("id, as answered", default=uuid4, unique=True, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="sync_events")
    received_at = models.DateTimeField("received")
    outcome = models.CharField(max_length=20, choices=Outcome)

    audit_id = models.CharField(max_length=100, blank=True)
    audit_type = models.CharField(max_length=20, choices=AuditType, blank=True)
    ward_name = models.CharField("ward, as sent", max_length=100, blank=True)
    ward = models.ForeignKey(
        Ward, on_delete=models.SET_NULL, null=True, blank=True, related_name="sync_events"
    )
    completed_by = models.CharField("completed by, as sent", max_length=150, blank=True)
    completed_by_email = models.CharField("their e-mail, as sent", max_length=254, blank=True)
    completed_by_staff_id = models.CharField("their staff id, as sent", max_length=100, blank=True)
    person = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="sync_events"
    )
    person_is_unknown = models.BooleanField("accepted though not known", default=False)
    completed_at = models.DateTimeField("completed", null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)
    limits = models.JSONField("limits when it came", default=dict, blank=True)
    out_of_range = models.BooleanField(default=False)

    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="sync_events"
    )
    task_public_id = models.CharField("task answered", max_length=24, blank=True)
    synced_at = models.DateTimeField("synced", null=True, blank=True)

    set_aside_at = models.DateTimeField("set aside", null=True, blank=True)
    set_aside_by_name = models.CharField("set aside by", max_length=150, blank=True)
    set_aside_reason = models.CharField("why no task belongs to it", max_length=300, blank=True)

    repeat_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="repeats"
    )
    details = models.JSONField("what was wrong", default=list, blank=True)
    payload = models.TextField("body, as sent", blank=True)
    needs_follow_up = models.BooleanField(default=False)
    follow_up = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    followed_up_at = models.DateTimeField("followed up", null=True, blank=True)

    objects = SyncEventQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["ward", "-received_at"], name="sync_event_by_ward"),
            models.Index(fields=["client", "-received_at"], name="sync_event_by_client"),
            models.Index(fields=["-received_at"], name="sync_event_by_time"),
            models.Index(
                fields=["ward", "completed_at"],
                condition=Q(outcome="no_matching_task"),
                name="sync_event_kept",
            ),
            models.Index(
                fields=["received_at"], condition=Q(outcome="received"), name="sync_event_waiting"
            ),
            models.Index(
                fields=["received_at"],
                condition=Q(needs_follow_up=True, followed_up_at__isnull=True),
                name="sync_event_follow_up",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "audit_id"],
                condition=Q(repeat_of__isnull=True) & ~Q(audit_id=""),
                name="sync_event_first_of_audit",
            ),
            models.CheckConstraint(
                condition=Q(audit_id="", completed_at__isnull=True)
                & Q(outcome__in=[*WITHOUT_AUDIT, Outcome.REPEATED])
                | ~Q(audit_id="") & Q(completed_at__isnull=False) & ~Q(outcome__in=WITHOUT_AUDIT),
                name="sync_event_refused_or_audit",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=SUCCESSES, synced_at__isnull=False) & ~Q(task_public_id="")
                | ~Q(outcome__in=SUCCESSES)
                & Q(synced_at__isnull=True, task__isnull=True, task_public_id=""),
                name="sync_event_success_has_task",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=AGAIN, repeat_of__isnull=False)
                | ~Q(outcome__in=AGAIN) & Q(repeat_of__isnull=True),
                name="sync_event_repeat_has_first",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_by_name="", set_aside_reason="")
                | Q(set_aside_at__isnull=False, outcome="no_matching_task")
                & ~Q(set_aside_by_name="")
                & ~Q(set_aside_reason=""),
                name="sync_event_set_aside_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(needs_follow_up=True) | Q(followed_up_at__isnull=True),
                name="sync_event_followed_up_if_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id or 'request'} from {self.client}: {self.get_outcome_display()}"

    @property
    def succeeded(self) -> bool:
        return self.outcome in SUCCESSES

    @property
    def person_name(self) -> str:
        """Who completed the audit: the person where the Hub knows them, or the text as sent."""
        if self.person_is_unknown:
            return marked_as_unknown(self.completed_by)
        return self.person.name if self.person else self.completed_by

    @property
    def can_be_processed_again(self) -> bool:
        """Whether nobody has another answer to it yet, or has said that no task belongs to it.

        What was refused for its form, address or number is sent anew by the client, which was told
        so; what was completed must not be completed twice.
        """
        is_open = self.outcome in (Outcome.NO_MATCHING_TASK, Outcome.WARD_MISMATCH)
        return is_open and self.set_aside_at is None

    @property
    def was_refused(self) -> bool:
        return self.outcome in (Outcome.WARD_MISMATCH, *REFUSALS)

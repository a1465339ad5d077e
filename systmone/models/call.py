"""The outbox: what the Hub asks of SystmOne, each attempt at it, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q

from systmone.models.gateway import Gateway
from tasks.models import Task
from wards.actors import Source
from wards.encryption import EncryptedTextField
from wards.models import CaseNote, Patient, Stay, User, Ward


class Priority(models.IntegerChoices):
    PERSON_WAITS = 1, "A person waits"
    BACKGROUND = 2, "Background"


class State(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being sent"
    CHECKING = "checking", "Being checked"
    UNKNOWN = "unknown", "Unknown: check SystmOne"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Decision(models.TextChoices):
    IT_IS_THERE = "it_is_there", "It is there"
    SEND_AGAIN = "send_again", "Send again"


# A call whose write nobody has found yet is still being sent, as far as others are concerned.
STATUS_IN_API = {state: state.value for state in State} | {State.CHECKING: State.SENDING.value}

SETTLED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
WAITING = (State.QUEUED, State.SENDING, State.CHECKING)
FOR_PEOPLE = (State.UNKNOWN, State.FAILED)

# What changes a patient's record.
WRITES = ("UpdatePatientRecord", "DeleteFromPatientRecord", "DeletePatientRecord")


class CallQuerySet(models.QuerySet["Call"]):
    def waiting(self) -> "CallQuerySet":
        """Calls that the Hub still works on."""
        return self.filter(state__in=WAITING)

    def needing_somebody(self) -> "CallQuerySet":
        """Writes that a person must look after: nobody knows whether they were done, or failed."""
        return self.filter(state__in=FOR_PEOPLE, function__in=WRITES, patient__isnull=False)


class Call(models.Model):
    """One request to SystmOne; `uid` is its RequestUID, in SystmOne's audit too.

    `parameters` is the request's FunctionParameters as XML. `reference` stands in what is written,
    so that it can be found in the record. `note` is what it writes, or the log of the discharge
    from `stay`. `told_at` is when those who run the ward were written to about the state in which
    it is. `checks` is the write that this read looks for; `withdraws` the write that this deletion
    takes back.
    """

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="calls")
    ward = models.ForeignKey(
        Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="systmone_calls"
    )
    function = models.CharField(max_length=40)
    parameters = EncryptedTextField()
    reference = models.CharField(max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.BACKGROUND)
    takes_record_slot = models.BooleanField(
        default=False, help_text="whether SystmOne's longer limit holds for it"
    )

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    deadline = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    uids = models.JSONField("UIDs in SystmOne", default=list, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    words = EncryptedTextField("SystmOne's words", blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="systmone_calls"
    )
    asked_by_name = models.CharField(max_length=150)
    source = models.CharField(max_length=12, choices=Source)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="systmone_calls"
    )
    note = models.ForeignKey(
        CaseNote, on_delete=models.PROTECT, null=True, blank=True, related_name="systmone_calls"
    )
    stay = models.ForeignKey(
        Stay, on_delete=models.PROTECT, null=True, blank=True, related_name="systmone_calls"
    )
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, blank=True, related_name="systmone_calls"
    )
    checks = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="checked_by"
    )
    withdraws = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawn_by"
    )

    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["gateway", "priority", "not_before"],
                condition=Q(state="queued"),
                name="call_queue",
            ),
            models.Index(
                fields=["gateway", "created_at"],
                condition=Q(state__in=("sending", "checking", "unknown")),
                name="call_unsettled",
            ),
            models.Index(fields=["gateway", "-created_at"], name="call_by_time"),
            models.Index(
                fields=["gateway", "not_before"],
                condition=Q(state__in=WAITING),
                name="call_waiting",
            ),
            models.Index(
                fields=["patient"],
                condition=Q(
                    state__in=("unknown", "failed"), function__in=WRITES, patient__isnull=False
                ),
                name="call_needs_somebody",
            ),
            models.Index(
                fields=["settled_at"], condition=~Q(parameters=""), name="call_with_parameters"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False)
                | ~Q(state__in=SETTLED) & Q(settled_at=None),
                name="call_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "unknown")) | ~Q(problem=""),
                name="call_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="call_decision_has_person_and_time",
            ),
            models.UniqueConstraint(
                fields=["note"],
                condition=Q(note__isnull=False, withdraws=None, checks=None)
                & ~Q(state="cancelled"),
                name="call_note_is_pushed_once",
            ),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(stay__isnull=False, withdraws=None, checks=None)
                & ~Q(state="cancelled"),
                name="call_log_is_pushed_once",
            ),
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(task__isnull=False, withdraws=None, checks=None)
                & ~Q(state="cancelled"),
                name="call_task_is_pushed_once",
            ),
            models.UniqueConstraint(
                fields=["withdraws"],
                condition=~Q(state="cancelled"),
                name="call_is_withdrawn_once",
            ),
            models.UniqueConstraint(
                fields=["checks"],
                condition=Q(state__in=("queued", "sending")),
                name="call_is_checked_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.uid}"

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class Attempt(models.Model):
    """One time that a call was sent, or was about to be; open while nobody knows how it ended."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        NOT_SENT = "not_sent", "Not sent"
        UNCLEAR = "unclear", "Outcome unknown"
        LATER = "later", "Refused for now"
        REFUSED = "refused", "Refused"
        BLOCKED = "blocked", "Blocked"
        NOT_THE_PROTOCOL = "not_the_protocol", "Not SystmOne"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="attempts")
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="attempts")
    fence = models.PositiveBigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    request = EncryptedTextField(blank=True)
    response = EncryptedTextField(blank=True)

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "message audit"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["gateway", "-started_at"], name="attempt_by_time"),
            models.Index(fields=["started_at"], name="attempt_by_day"),
            models.Index(
                fields=["ended_at"],
                condition=~Q(request="", response=""),
                name="attempt_with_documents",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="attempt_ended_has_outcome",
            ),
            models.UniqueConstraint(
                fields=["call"], condition=Q(ended_at=None), name="attempt_open_once_per_call"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt at {self.call_id}"

"""A piece of work in the diary."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from library.models import Guide
from tasks.models.choices import AuditType, Category, DayPart, Kind, Priority, Shift, Status
from tasks.models.template import TaskTemplate
from wards.models import Patient, Stay, User, Ward

PUBLIC_ID_PREFIXES = {Kind.WARD: "wt", Kind.PATIENT: "pt", Kind.APPOINTMENT: "ap"}

OPEN_STATUSES = (Status.PENDING, Status.IN_PROGRESS)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: Any) -> "TaskQuerySet":
        """Tasks of the wards that `user` may see."""
        from wards.access import wards_visible_to

        return self.filter(ward__in=wards_visible_to(user))

    def open(self) -> "TaskQuerySet":
        return self.filter(status__in=OPEN_STATUSES)

    def of_kind(self, kind: Kind) -> "TaskQuerySet":
        return self.filter(kind=kind)

    def untouched(self) -> "TaskQuerySet":
        """Generated tasks that nobody has claimed or changed since."""
        return self.filter(version=1, status=Status.PENDING, template__isnull=False)

    def with_public_id(self, public_id: str) -> "TaskQuerySet":
        """The task that people know as `public_id`, such as `wt123`; none if it is malformed."""
        prefix, number = public_id[:2], public_id[2:]
        kinds = [kind for kind, known in PUBLIC_ID_PREFIXES.items() if known == prefix]
        if not kinds or not number.isdecimal() or len(number) > 18:
            return self.none()
        return self.filter(kind=kinds[0], pk=int(number))


class Task(models.Model):
    """A ward task, a patient task or an appointment.

    `version` counts the changes, so that a page which shows an older one is noticed. *Overdue* and
    *carried over* are not stored: `tasks.shifts` tells them from the clock.

    `occasion` names the duty that the legal status of `stay` brought, where a task was generated
    for one: see `tasks.legal_duties`.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=120)
    instructions = models.TextField(max_length=2000, blank=True)
    due_on = models.DateField("due")
    shift = models.CharField(max_length=8, choices=Shift, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ROUTINE)
    carry_over = models.BooleanField(default=False)
    template = models.ForeignKey(
        TaskTemplate, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    audit_type = models.CharField(max_length=20, choices=AuditType, blank=True)
    guide = models.ForeignKey(Guide, on_delete=models.SET_NULL, null=True, blank=True)
    follow_up_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True)
    category = models.CharField(max_length=20, choices=Category, blank=True)
    time = models.TimeField(null=True, blank=True)
    day_part = models.CharField("AM or PM", max_length=2, choices=DayPart, blank=True)
    place = models.CharField(max_length=120, blank=True)
    attendees = models.CharField(max_length=300, blank=True)

    stay = models.ForeignKey(
        Stay, on_delete=models.PROTECT, null=True, blank=True, related_name="legal_work"
    )
    occasion = models.CharField(max_length=60, blank=True)

    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    claimed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="claimed_tasks"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="completed_tasks"
    )
    completed_by_name = models.CharField(max_length=150, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "-priority", "title", "id"]
        indexes = [
            models.Index(fields=["ward", "due_on", "shift"], name="task_ward_day"),
            models.Index(
                fields=["ward", "due_on"],
                condition=Q(status__in=("pending", "in_progress")),
                name="task_ward_open",
            ),
            models.Index(
                fields=["ward", "audit_type", "due_on"],
                condition=~Q(audit_type=""),
                name="task_ward_audit",
            ),
            models.Index(
                fields=["claimed_by"],
                condition=Q(status__in=("pending", "in_progress")),
                name="task_person_open",
            ),
            models.Index(fields=["completed_by", "completed_at"], name="task_person_done"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "ward", "due_on", "shift"], name="task_generated_once"
            ),
            models.UniqueConstraint(
                fields=["stay", "occasion"],
                condition=~Q(status="cancelled"),
                name="task_legal_work_once",
            ),
            models.CheckConstraint(
                condition=Q(stay=None, occasion="")
                | Q(kind=Kind.PATIENT, stay__isnull=False) & ~Q(occasion=""),
                name="task_legal_work_has_stay",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.WARD)
                | Q(patient=None, category="", time=None, day_part="") & ~Q(shift=""),
                name="task_ward_has_shift",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.PATIENT)
                | Q(patient__isnull=False, shift="", audit_type="") & ~Q(category=""),
                name="task_patient_has_patient",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.APPOINTMENT)
                | Q(patient__isnull=False, shift="", audit_type="")
                & (Q(time__isnull=False, day_part="") | Q(time=None) & ~Q(day_part="")),
                name="task_appointment_has_time",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="task_claim_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.COMPLETED, completed_at__isnull=False)
                & ~Q(completed_by_name="")
                | ~Q(status=Status.COMPLETED)
                & Q(completed_at=None, completed_by=None, completed_by_name=""),
                name="task_completed_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CANCELLED) & ~Q(cancelled_reason="")
                | ~Q(status=Status.CANCELLED) & Q(cancelled_reason=""),
                name="task_cancelled_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_PROGRESS) | Q(claimed_by__isnull=False),
                name="task_in_progress_is_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.due_on} {self.shift}".strip()

    @property
    def public_id(self) -> str:
        """The id that people and other systems know, for example `wt123`."""
        return f"{PUBLIC_ID_PREFIXES[Kind(self.kind)]}{self.pk}"

    @property
    def category_in_words(self) -> str:
        """What kind of work it is; of what was generated, why it is there."""
        return "Generated from the legal status" if self.occasion else self.get_category_display()

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.public_id])

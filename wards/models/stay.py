"""A patient's stay on a ward, from admission to discharge, and what happened in it."""

from typing import Any

from django.db import models
from django.db.models import Q

from wards.actors import Source
from wards.models.patient import Patient
from wards.models.place import Bed
from wards.models.user import User
from wards.models.ward import Ward


class LegalStatus(models.TextChoices):
    """Under which section of the Mental Health Act 1983 somebody stays, if any."""

    INFORMAL = "informal", "Informal"
    SECTION_2 = "2", "Section 2"
    SECTION_3 = "3", "Section 3"
    SECTION_4 = "4", "Section 4"
    SECTION_5_2 = "5(2)", "Section 5(2)"
    SECTION_5_4 = "5(4)", "Section 5(4)"
    SECTION_35 = "35", "Section 35"
    SECTION_36 = "36", "Section 36"
    SECTION_37 = "37", "Section 37"
    SECTION_37_41 = "37/41", "Section 37/41"
    SECTION_38 = "38", "Section 38"
    SECTION_47 = "47", "Section 47"
    SECTION_47_49 = "47/49", "Section 47/49"
    SECTION_48 = "48", "Section 48"
    SECTION_48_49 = "48/49", "Section 48/49"
    SECTION_135 = "135", "Section 135"
    SECTION_136 = "136", "Section 136"
    RECALLED = "17E", "Recalled from a community treatment order (17E)"


class StayStatus(models.TextChoices):
    ACTIVE = "active", "On the ward"
    ON_LEAVE = "on_leave", "On leave"
    ABSENT = "absent", "Absent without leave"
    PENDING_DISCHARGE = "pending_discharge", "Pending discharge"
    DISCHARGED = "discharged", "Discharged"


class StayQuerySet(models.QuerySet["Stay"]):
    def visible_to(self, user: Any) -> "StayQuerySet":
        """Stays on the wards that `user` may see."""
        from wards.access import wards_visible_to

        return self.filter(ward__in=wards_visible_to(user))

    def open(self) -> "StayQuerySet":
        """Stays that have not ended."""
        return self.exclude(status=StayStatus.DISCHARGED)

    def last_of(self, patient_id: int) -> "Stay | None":
        """The patient's last stay: the open one, or else the one that ended last.

        The Hub begins one after the other, whatever day of admission each was given.
        """
        return self.filter(patient=patient_id).order_by("-pk").first()


class Stay(models.Model):
    """A patient's time in the trust's care, on one ward and bed at a time.

    `version` counts the changes, so that a page which shows an older one is noticed. A stay without
    a bed is of somebody who waits for one.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="stays")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="stays")
    bed = models.ForeignKey(
        Bed, on_delete=models.PROTECT, null=True, blank=True, related_name="stays"
    )
    status = models.CharField(max_length=20, choices=StayStatus, default=StayStatus.ACTIVE)
    legal_status = models.CharField(
        max_length=10, choices=LegalStatus, default=LegalStatus.INFORMAL
    )
    legal_status_since = models.DateField(null=True, blank=True)
    named_nurse = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="stays_as_named_nurse"
    )
    consultant = models.CharField(max_length=120, blank=True)
    admitted_at = models.DateTimeField()
    expected_discharge_on = models.DateField("expected discharge", null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "patients and stays"
        ordering = ["-admitted_at", "pk"]
        indexes = [
            models.Index(
                fields=["ward", "bed"],
                condition=~Q(status="discharged"),
                name="stay_ward_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=~Q(status="discharged"),
                name="stay_open_once_per_patient",
                violation_error_message="This patient is on a ward already.",
            ),
            models.UniqueConstraint(
                fields=["bed"],
                condition=~Q(status="discharged"),
                name="stay_one_patient_in_a_bed",
                violation_error_message="Somebody is in this bed.",
            ),
            models.CheckConstraint(
                condition=Q(status="discharged", discharged_at__isnull=False)
                | ~Q(status="discharged") & Q(discharged_at=None),
                name="stay_discharged_has_time",
            ),
            models.CheckConstraint(
                condition=Q(legal_status="informal") | Q(legal_status_since__isnull=False),
                name="stay_section_has_date",
                violation_error_message="Say since when this section holds.",
            ),
        ]

    def __str__(self) -> str:
        return f"stay {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status != StayStatus.DISCHARGED

    @property
    def place(self) -> str:
        """The bed in words."""
        return str(self.bed) if self.bed else "No bed assigned"


class StayEvent(models.Model):
    """Something that happened in a stay: the patient's timeline is made of these."""

    class Action(models.TextChoices):
        ADMIT = "admit", "Admitted"
        EDIT = "edit", "Details changed"
        MOVE = "move", "Moved to another bed"
        TRANSFER = "transfer", "Transferred"
        LEAVE = "leave", "Went on leave"
        RETURN = "return", "Returned"
        ABSENT = "absent", "Absent without leave"
        NOT_ABSENT = "not_absent", "Was not absent"
        START_DISCHARGE = "start_discharge", "Discharge started"
        SEND_BACK = "send_back", "Discharge sent back"
        DISCHARGE = "discharge", "Discharged"
        REOPEN = "reopen", "Stay reopened"

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=20, choices=Action)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    source = models.CharField(max_length=12, choices=Source)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.at:%d %b %Y %H:%M}"

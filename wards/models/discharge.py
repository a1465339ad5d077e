"""A patient's discharge: started, checked item by item, confirmed by a ward admin or sent back."""

from django.db import models
from django.db.models import Q

from wards.models.stay import Stay
from wards.models.user import User
from wards.models.ward import Ward


class ChecklistItem(models.Model):
    """What a ward checks before a discharge."""

    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="discharge_checklist")
    name = models.CharField(max_length=80)
    is_required = models.BooleanField("required", default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "name"],
                name="checklist_item_unique_on_ward",
                violation_error_message="This ward's checklist has this item already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Discharge(models.Model):
    """One attempt to discharge a patient, from its start to the decision of a ward admin."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Pending"
        CONFIRMED = "confirmed", "Confirmed"
        SENT_BACK = "sent_back", "Sent back"

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="discharges")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_by_name = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(outcome="pending"), name="discharge_pending_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_at=None, decided_by=None, decided_by_name="")
                | ~Q(outcome="pending") & Q(decided_at__isnull=False) & ~Q(decided_by_name=""),
                name="discharge_decision_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="sent_back") | ~Q(reason=""),
                name="discharge_sent_back_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"discharge {self.pk}"


class DischargeCheck(models.Model):
    """An item of the checklist as it stood when the discharge began, and who has checked it."""

    discharge = models.ForeignKey(Discharge, on_delete=models.CASCADE, related_name="checks")
    name = models.CharField(max_length=80)
    is_required = models.BooleanField()
    order = models.PositiveSmallIntegerField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=150, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, done_by_name="")
                | Q(done_at__isnull=False) & ~Q(done_by_name=""),
                name="discharge_check_has_person_and_time",
            )
        ]

    def __str__(self) -> str:
        return self.name

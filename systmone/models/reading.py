"""What the Hub reads of SystmOne by itself, and what it has taken from it."""

from django.db import models
from django.db.models import Q

from systmone.models.call import Call
from systmone.models.gateway import Gateway
from tasks.models import Task


class Reading(models.Model):
    """A background read, until what it answered is in the diary; of each subject one at a time.

    `subject` says what is read, for example `diary 3`: the diary through gateway 3. `fingerprint`
    is a keyed hash of the answer: one that says what the last one said is not kept a second time.
    """

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="reading")
    subject = models.CharField(max_length=60)
    taken_in_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(taken_in_at=None),
                name="reading_one_of_a_subject",
            )
        ]

    def __str__(self) -> str:
        return f"reading of {self.subject}"


class Booking(models.Model):
    """An appointment of SystmOne's diary, and the appointment that stands for it in the Hub's.

    `said` is what SystmOne said last of it; where the Hub's differs from that, somebody has changed
    it there. `replaced` are words for what such a change was, after SystmOne's own came over it.
    """

    uid = models.CharField(max_length=64, unique=True)
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="bookings")
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="systmone_booking")
    starts_at = models.DateTimeField()
    held_by = models.CharField(max_length=120, blank=True)
    held_at = models.CharField(max_length=120, blank=True)
    said = models.JSONField(default=dict)
    status = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    replaced = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["gateway", "starts_at"],
                condition=Q(gone_at=None),
                name="booking_coming",
            )
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}"

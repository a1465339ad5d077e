"""Rooms of a ward and the beds in them."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from wards.models.ward import Ward


class Room(models.Model):
    """A room; a dormitory has several beds."""

    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["ward__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "name"],
                name="room_unique_on_ward",
                violation_error_message="This ward has a room of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class BedQuerySet(models.QuerySet["Bed"]):
    def in_use(self) -> "BedQuerySet":
        """Beds that are not closed today; the day on which one will be may be known before."""
        return self.filter(Q(closed_since=None) | Q(closed_since__gt=localdate()))

    def on(self, ward: Ward) -> "BedQuerySet":
        """Beds of `ward` that are in use."""
        return self.in_use().filter(room__ward=ward)

    def free(self) -> "BedQuerySet":
        """Beds in which nobody stays."""
        return self.exclude(pk__in=taken_beds())


def taken_beds() -> models.QuerySet["Bed"]:
    """Return the beds in which somebody stays."""
    return Bed.objects.filter(Q(stays__isnull=False) & ~Q(stays__status="discharged"))


class Bed(models.Model):
    """A bed; one that is out of use has been closed since a day."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="beds")
    name = models.CharField(max_length=20, help_text="for example 4, or 12A")
    closed_since = models.DateField(null=True, blank=True, help_text="empty: in use")

    objects = BedQuerySet.as_manager()

    class Meta:
        ordering = ["room__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "name"],
                name="bed_unique_in_room",
                violation_error_message="This room has a bed of this name already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.room}, bed {self.name}"

    @property
    def is_in_use(self) -> bool:
        return self.closed_since is None or self.closed_since > localdate()

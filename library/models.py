"""How-to guides."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone


class Guide(models.Model):
    """A how-to guide, read step by step."""

    class Verification(models.TextChoices):
        DEMO = "demo", "Demo content, to be verified by the trust"
        UNVERIFIED = "unverified", "Not yet verified"
        VERIFIED = "verified", "Verified"

    slug = models.SlugField("public id", max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    verification = models.CharField(
        max_length=12, choices=Verification, default=Verification.UNVERIFIED
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guide", args=[self.slug])

    @property
    def updated_on(self) -> date:
        """The local date of the last change."""
        return timezone.localdate(self.updated_at)


class GuideStep(models.Model):
    """One step of a guide, in its place."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "position"], name="guide_step_position_unique")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

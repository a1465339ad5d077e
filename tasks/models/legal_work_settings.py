"""How early a ward is reminded of what a patient's legal status asks for."""

from django.db import models

from wards.models import Ward


class LegalWorkSettings(models.Model):
    """A ward's own times, in days; without a row the defaults hold.

    The Act asks that a renewal be examined in the last two months of a section of months, s.20(3).
    It names no time for a section of days, and neither the Act nor its Code of Practice says how
    often rights are explained again: those are for each trust's policy.
    """

    ward = models.OneToOneField(Ward, on_delete=models.CASCADE, related_name="legal_work_settings")
    before_end_of_days = models.PositiveSmallIntegerField(default=7)
    before_end_of_months = models.PositiveSmallIntegerField(default=28)
    between_explanations = models.PositiveSmallIntegerField(default=28)

    class Meta:
        verbose_name_plural = "legal work settings"

    def __str__(self) -> str:
        return f"legal work on {self.ward}"

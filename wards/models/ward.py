"""A ward and its shift times."""

from datetime import time
from itertools import chain, count
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.text import slugify


class DischargeStarter(models.TextChoices):
    """From which role on somebody may start a discharge."""

    NORMAL_USER = "normal_user", "Everybody on the ward"
    WARD_ADMIN = "ward_admin", "Ward admins"


class DischargeConfirmer(models.TextChoices):
    """From which role on somebody may confirm a discharge."""

    WARD_ADMIN = "ward_admin", "Ward admins"
    SENIOR_ADMIN = "senior_admin", "Senior admins only"


class FieldRule(models.TextChoices):
    """What a ward asks of a field about its patients."""

    OPTIONAL = "optional", "Optional"
    MANDATORY = "mandatory", "Mandatory"
    HIDDEN = "hidden", "Hidden"


class Ward(models.Model):
    """A ward; its shift times are local wall time, and the night shift ends on the next day."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    capacity = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(1)], help_text="number of beds"
    )
    discharges_started_by = models.CharField(
        "who may start a discharge",
        max_length=20,
        choices=DischargeStarter,
        default=DischargeStarter.NORMAL_USER,
    )
    discharges_confirmed_by = models.CharField(
        "who may confirm a discharge",
        max_length=20,
        choices=DischargeConfirmer,
        default=DischargeConfirmer.WARD_ADMIN,
    )
    may_confirm_own_discharges = models.BooleanField(
        "whoever started a discharge may confirm it", default=False
    )
    # On the row, not in a table of its own: every page about a patient asks for it.
    field_rules = models.JSONField(default=dict, blank=True, editable=False)
    early_start = models.TimeField("early shift starts", default=time(7, 0))
    early_end = models.TimeField("early shift ends", default=time(14, 30))
    late_start = models.TimeField("late shift starts", default=time(14, 0))
    late_end = models.TimeField("late shift ends", default=time(21, 30))
    night_start = models.TimeField("night shift starts", default=time(21, 0))
    night_end = models.TimeField("night shift ends", default=time(7, 30), help_text="the next day")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="ward_name_unique",
                violation_error_message="A ward of this name exists already.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    late_start__gt=models.F("early_start"),
                    late_start__lte=models.F("early_end"),
                    early_end__lte=models.F("night_start"),
                    night_start__gt=models.F("late_start"),
                    night_start__lte=models.F("late_end"),
                    night_end__gte=models.F("early_start"),
                    night_end__lt=models.F("late_start"),
                ),
                name="ward_shifts_cover_the_day_in_order",
                violation_error_message=(
                    "The shifts must follow each other and leave no gap: each starts before the "
                    "one before it has ended, and the night shift ends the next morning."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def rule_of(self, field: str) -> FieldRule:
        """Return what the ward asks of `field` of a patient or stay: `sex`, `consultant` …"""
        return FieldRule(self.field_rules.get(field, FieldRule.OPTIONAL))

    def hides(self, field: str) -> bool:
        """Say whether the ward's forms and pages leave `field` out."""
        return self.rule_of(field) == FieldRule.HIDDEN

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = _free_slug(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("ward_diary", args=[self.slug])


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:90] or "ward"
    taken = set(Ward.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(slug for slug in chain([wanted], numbered) if slug not in taken)

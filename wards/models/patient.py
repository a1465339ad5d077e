"""A patient; Max and Max+ only."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from nhs_number import is_valid


def check_nhs_number(number: str) -> None:
    """Raise ValidationError unless `number` is ten digits of which the last checks the others."""
    if not (len(number) == 10 and number.isascii() and number.isdigit() and is_valid(number)):
        raise ValidationError(
            "This is not an NHS number: check the ten digits, or leave it empty if unknown.",
            code="nhs_number",
        )


class Sex(models.TextChoices):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    INDETERMINATE = "I", "Indeterminate"
    UNKNOWN = "U", "Not known"


class Alert(models.Model):
    """Something that everybody must know of a patient at a glance, such as a risk of falls."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Patient(models.Model):
    """A person in the trust's care, known by NHS number, pseudo-number, or not yet by either."""

    first_name = models.CharField(max_length=80)
    surname = models.CharField(max_length=80)
    preferred_name = models.CharField(max_length=80, blank=True)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNKNOWN)
    nhs_number = models.CharField(
        "NHS number",
        max_length=10,
        blank=True,
        validators=[check_nhs_number],
        help_text="ten digits; empty: not yet known",
    )
    pseudo_number = models.CharField(
        max_length=20, blank=True, help_text="SystmOne's number for who has no NHS number"
    )
    alerts = models.ManyToManyField(Alert, blank=True, related_name="patients")

    class Meta:
        ordering = ["surname", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nhs_number"],
                condition=~Q(nhs_number=""),
                name="patient_nhs_number_unique",
                violation_error_message="A patient with this NHS number is in the Hub already.",
            ),
            models.UniqueConstraint(
                fields=["pseudo_number"],
                condition=~Q(pseudo_number=""),
                name="patient_pseudo_number_unique",
                violation_error_message="A patient with this pseudo-number is in the Hub already.",
            ),
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"  # no name: it would reach logs and the admin's history

    @property
    def name(self) -> str:
        """The name as staff read it: `QUILL, Beatrice (Bea)`."""
        preferred = f" ({self.preferred_name})" if self.preferred_name else ""
        return f"{self.surname.upper()}, {self.first_name}{preferred}"

    @property
    def nhs_number_in_words(self) -> str:
        """`943 476 5919`, or what stands for it."""
        if self.nhs_number:
            return f"{self.nhs_number[:3]} {self.nhs_number[3:6]} {self.nhs_number[6:]}"
        return f"{self.pseudo_number} (pseudo-number)" if self.pseudo_number else "not yet known"

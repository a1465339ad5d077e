"""A patient, as far as a patient's tasks need one; Max and Max+ only."""

from django.db import models


class Patient(models.Model):
    """A person in the ward's care."""

    name = models.CharField(max_length=150)
    nhs_number = models.CharField("NHS number", max_length=10, blank=True)
    date_of_birth = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nhs_number"],
                condition=~models.Q(nhs_number=""),
                name="patient_nhs_number_unique",
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.pk}"

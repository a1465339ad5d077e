"""Patients of the Hub of whom a person has confirmed who they are in SystmOne."""

from django.db import models

from systmone.models.call import Call
from wards.encryption import EncryptedTextField
from wards.models import Patient, User


class Link(models.Model):
    """A patient, and the number under which a person has found them in SystmOne.

    It holds as long as the patient has that number. `said` is what SystmOne said of them last, and
    `set_aside` what of it a person does not want to hear again, both as JSON by field; `asked` is
    the call that asks again.
    """

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="systmone_link")
    number = models.CharField(max_length=20)
    linked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    linked_by_name = models.CharField(max_length=150)
    linked_at = models.DateTimeField()
    asked = models.ForeignKey(
        Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    said = EncryptedTextField(blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    set_aside = EncryptedTextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="link_by_time_asked")]

    def __str__(self) -> str:
        return f"link of patient {self.patient_id}"

    @property
    def holds(self) -> bool:
        """Whether the patient still has the number that was confirmed."""
        return self.number in (self.patient.nhs_number, self.patient.pseudo_number)

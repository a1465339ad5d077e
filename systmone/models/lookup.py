"""What people look up in SystmOne, for as long as they need it."""

import uuid

from django.db import models

from systmone.models.call import Call
from wards.models import Patient, User, Ward


class Lookup(models.Model):
    """A look into SystmOne by a person, seen by them alone, in the session in which they did it.

    What was looked for and found stands with the call, encrypted. `patient` is the one of the Hub
    whom it is about, if it is about one. A lookup without a session is forgotten; its call may
    still be on its way.
    """

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="lookups")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    session = models.CharField(max_length=64, blank=True, help_text="its key, hashed")
    looked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["looked_at"], name="lookup_by_time")]

    def __str__(self) -> str:
        return f"lookup {self.pk}"

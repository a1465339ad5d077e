"""The keys under which clients have sent what they may send again."""

from django.db import models

from assurance.models.client import ApiClient
from assurance.models.event import SyncEvent


class SentKey(models.Model):
    """A key of a client, such as an `Idempotency-Key`, and the event that it stands for.

    `fingerprint` is a keyed hash of what was sent, which cannot be turned back into it.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="sent_keys")
    key = models.CharField(max_length=220)
    fingerprint = models.CharField(max_length=64)
    event = models.ForeignKey(SyncEvent, on_delete=models.CASCADE, related_name="sent_keys")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="sent_key_once_per_client")
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"

"""What an API's caller has sent under a key of its own, so that it may send it again."""

from django.db import models

from systmone.models.call import Call


class Submission(models.Model):
    """One `Idempotency-Key`: the same caller, key and body are the same call.

    `fingerprint` is a keyed hash of the body, which cannot be turned back into it.
    """

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="submissions")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="submission_key_once_per_caller")
        ]

    def __str__(self) -> str:
        return f"submission {self.pk}"

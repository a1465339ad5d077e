"""Forms that people have sent, so that one sent twice does its work once."""

from django.db import models
from django.utils import timezone


class SentForm(models.Model):
    """A form and what it made; kept for a few days."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    made = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"form of {self.sent_at:%d %b %Y %H:%M}"

"""The audit log: who saw and who changed what. Rows are only ever added."""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(Exception):
    """Raised on an attempt to alter or delete a row of the audit log."""


class Outcome(models.TextChoices):
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"


class AppendOnlyQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are never altered.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Audit events are never deleted.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are added one by one, through `audit.events.record`.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are never altered.")


class AuditEvent(models.Model):
    """One thing that somebody saw or changed.

    It has no foreign keys, so it outlives whatever it speaks of. `seal` is a keyed hash over the
    row and the seal before it: see `audit.chain`.
    """

    sequence = models.BigIntegerField("number", primary_key=True)
    at = models.DateTimeField("when")
    actor_id = models.CharField("user id", max_length=64, blank=True)
    actor_name = models.CharField("who", max_length=200)
    source = models.CharField(max_length=32, help_text="web, admin, api, job, command …")
    address = models.CharField("from address", max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64, help_text="for example task.complete")
    object_type = models.CharField("kind of object", max_length=64, blank=True)
    object_id = models.CharField("object", max_length=64, blank=True)
    ward = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.DONE)
    detail = models.JSONField(default=dict, blank=True)
    seal = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "sequence"], name="audit_by_object"),
            models.Index(fields=["actor_id", "sequence"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.actor_name}, {self.action} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("Audit events are never altered.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are never deleted.")


class ChainHead(models.Model):
    """The one row that holds the end of the chain; locking it puts writers in line.

    `proof` is a keyed hash over the other two, so that the end cannot be moved back unnoticed.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    proof = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_chain_has_one_head")
        ]

    def __str__(self) -> str:
        return f"audit event {self.sequence}"

"""The Hub's tables, as far as the sync endpoint reads and writes them."""

from datetime import time
from uuid import uuid4

from django.db import models


class Ward(models.Model):
    name = models.CharField(max_length=100)
    early_start = models.TimeField()
    early_end = models.TimeField()
    late_start = models.TimeField()
    late_end = models.TimeField()
    night_start = models.TimeField()
    night_end = models.TimeField()

    class Meta:
        managed = False
        db_table = "wards_ward"

    def __str__(self) -> str:
        return self.name

    def times(self, shift: str) -> tuple[time, time]:
        return getattr(self, f"{shift}_start"), getattr(self, f"{shift}_end")


class User(models.Model):
    name = models.CharField(max_length=150)
    email = models.CharField(max_length=254)
    staff_id = models.CharField(max_length=100)
    is_active = models.BooleanField()

    class Meta:
        managed = False
        db_table = "wards_user"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    ward = models.ForeignKey(Ward, models.CASCADE, null=True)
    role = models.CharField(max_length=20)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "wards_membership"

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class ApiClient(models.Model):
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=8)
    key_hash = models.CharField(max_length=64)
    all_wards = models.BooleanField()
    wards = models.ManyToManyField(Ward, db_table="assurance_apiclient_wards")
    allowed_networks = models.TextField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "assurance_apiclient"

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        """A client takes the place of a user in Django REST framework."""
        return True

    def reaches(self, ward: Ward) -> bool:
        return self.all_wards or self.wards.filter(pk=ward.pk).exists()


class Task(models.Model):
    ward = models.ForeignKey(Ward, models.CASCADE)
    audit_type = models.CharField(max_length=20)
    due_on = models.DateField()
    shift = models.CharField(max_length=8)
    status = models.CharField(max_length=12)
    completed_by = models.ForeignKey(User, models.PROTECT, null=True)
    completed_by_name = models.CharField(max_length=150)
    completed_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=300)
    version = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "tasks_task"

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        return self.status in {"pending", "in_progress"}

    @property
    def public_id(self) -> str:
        return f"wt{self.pk}"


class TaskEvent(models.Model):
    task = models.ForeignKey(Task, models.CASCADE)
    action = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)
    by_name = models.CharField(max_length=150)
    source = models.CharField(max_length=12)
    reason = models.CharField(max_length=300, default="")

    class Meta:
        managed = False
        db_table = "tasks_taskevent"

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class SyncEvent(models.Model):
    public_id = models.UUIDField(default=uuid4)
    client = models.ForeignKey(ApiClient, models.PROTECT)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    audit_id = models.CharField(max_length=100, default="")
    audit_type = models.CharField(max_length=20, default="")
    ward_name = models.CharField(max_length=100, default="")
    ward = models.ForeignKey(Ward, models.SET_NULL, null=True)
    completed_by = models.CharField(max_length=150, default="")
    completed_by_email = models.CharField(max_length=254, default="")
    completed_by_staff_id = models.CharField(max_length=100, default="")
    person = models.ForeignKey(User, models.SET_NULL, null=True)
    completed_at = models.DateTimeField(null=True)
    values = models.JSONField(default=dict)
    task = models.ForeignKey(Task, models.SET_NULL, null=True)
    task_public_id = models.CharField(max_length=24, default="")
    synced_at = models.DateTimeField(null=True)
    set_aside_by_name = models.CharField(max_length=150, default="")
    set_aside_reason = models.CharField(max_length=300, default="")
    repeat_of = models.ForeignKey("self", models.CASCADE, null=True)
    details = models.JSONField(default=list)
    payload = models.TextField(default="")
    person_is_unknown = models.BooleanField(default=False)
    limits = models.JSONField(default=dict)
    out_of_range = models.BooleanField(default=False)
    needs_follow_up = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "assurance_syncevent"

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"


class ReadingLimit(models.Model):
    audit_type = models.CharField(max_length=20)
    reading = models.CharField(max_length=60)
    unit = models.CharField(max_length=20)
    lowest = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    highest = models.DecimalField(max_digits=12, decimal_places=3, null=True)

    class Meta:
        managed = False
        db_table = "assurance_readinglimit"

    def __str__(self) -> str:
        return self.reading


class AuditEvent(models.Model):
    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    source = models.CharField(max_length=32)
    address = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    ward = models.CharField(max_length=100)
    outcome = models.CharField(max_length=16)
    detail = models.JSONField()
    seal = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "audit_auditevent"

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class ChainHead(models.Model):
    id = models.SmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField()
    seal = models.CharField(max_length=64)
    proof = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "audit_chainhead"

    def __str__(self) -> str:
        return f"audit event {self.sequence}"

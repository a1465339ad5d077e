"""A patient task that is in the Hub and in SystmOne."""

from django.db import models

from systmone.models.call import Call
from systmone.models.gateway import Gateway
from systmone.task_merge import Side
from tasks.models import Task


class SharedTask(models.Model):
    """The Hub's task and SystmOne's, and how both stood when they were compared last.

    `uid` is SystmOne's, unknown until it has taken the task; `call` is what sent it there, where it
    came from the Hub. `said` is what SystmOne has of the words, by part;
    empty where that is not known.
    """

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="in_systmone")
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="shared_tasks")
    uid = models.CharField(max_length=64, unique=True, null=True, blank=True)
    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, null=True, blank=True, related_name="shared_task"
    )
    entered_on = models.DateField(null=True, blank=True)
    here = models.CharField(max_length=10, choices=Side, default=Side.OPEN)
    there = models.CharField(max_length=10, choices=Side, default=Side.OPEN)
    compared_at = models.DateTimeField(null=True, blank=True)
    said = models.JSONField(default=dict)
    conflict = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"shared task {self.pk}"

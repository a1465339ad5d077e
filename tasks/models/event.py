"""What happened to a task, in order."""

from django.db import models
from django.db.models import Q

from tasks.models.task import Task
from wards.actors import Source
from wards.models import User


class TaskEvent(models.Model):
    """One change of a task: who did what, when, and through which source."""

    class Action(models.TextChoices):
        CREATE = "create", "created"
        CLAIM = "claim", "claimed"
        RELEASE = "release", "released"
        TAKE_OVER = "take_over", "taken over"
        START = "start", "started"
        STOP = "stop", "stopped"
        COMPLETE = "complete", "completed"
        CANCEL = "cancel", "cancelled"
        REOPEN = "reopen", "reopened"
        EDIT = "edit", "changed"
        TRANSFER = "transfer", "moved with the patient"
        STAY = "stay", "kept on the ward"
        PAUSE = "pause", "paused"
        RESUME = "resume", "resumed"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="events")
    action = models.CharField(max_length=12, choices=Action)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    by_name = models.CharField(max_length=150)
    source = models.CharField(max_length=12, choices=Source)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(action="create"), name="task_event_created_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.by_name}"

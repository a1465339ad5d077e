from tasks.models.event import Source, TaskEvent
from tasks.models.task import Task
from tasks.models.template import TaskTemplate
from tasks.models.words import AuditType, Category, DayPart, Kind, Priority, Shift, Status

__all__ = [
    "AuditType",
    "Category",
    "DayPart",
    "Kind",
    "Priority",
    "Shift",
    "Source",
    "Status",
    "Task",
    "TaskEvent",
    "TaskTemplate",
]

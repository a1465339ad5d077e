from tasks.models.category_rule import CategoryRule
from tasks.models.choices import AuditType, Category, DayPart, Kind, Priority, Shift, Status
from tasks.models.event import TaskEvent
from tasks.models.legal_work_settings import LegalWorkSettings
from tasks.models.task import Task
from tasks.models.template import TaskTemplate

__all__ = [
    "AuditType",
    "Category",
    "CategoryRule",
    "DayPart",
    "Kind",
    "LegalWorkSettings",
    "Priority",
    "Shift",
    "Status",
    "Task",
    "TaskEvent",
    "TaskTemplate",
]

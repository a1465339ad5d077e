"""What upper rooms add to the page of a task, without this room knowing them."""

from tasks.models import Task
from wards.panels import Panels

on_tasks: Panels[Task] = Panels()

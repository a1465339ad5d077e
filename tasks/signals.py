"""What rooms above may want to know; sent inside the transaction, carrying ids."""

from django.dispatch import Signal

task_completed = Signal()
"""Sent with `task_id`."""

task_reopened = Signal()
"""Sent with `task_id`, when a completed or cancelled task is open again."""

tasks_generated = Signal()
"""Sent with `ward_ids`, the wards that have new tasks."""

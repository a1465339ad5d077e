"""What the diary announces and the kept audits want to know."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from tasks.models import Task
from tasks.signals import task_reopened, tasks_generated
from wards import wake_up
from wards.features import Feature, feature_available


@receiver(tasks_generated)
def match_kept_audits_with_new_tasks(ward_ids: Collection[int], **_: Any) -> None:
    _match_kept_audits(sorted(ward_ids))


@receiver(task_reopened)
def match_kept_audits_with_reopened_task(task_id: int, **_: Any) -> None:
    audits = Task.objects.filter(pk=task_id).exclude(audit_type="")
    _match_kept_audits(list(audits.values_list("ward_id", flat=True)))


def _match_kept_audits(ward_ids: list[int]) -> None:
    if ward_ids and feature_available(Feature.ASSURANCE_SYNC):
        wake_up.on_commit("assurance.jobs.match_kept_audits", ward_ids)

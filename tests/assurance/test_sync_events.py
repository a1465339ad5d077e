"""The database itself keeps the facts of a sync event together."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from assurance.models import Outcome, SyncEvent
from tests.assurance.posting import Byron

pytestmark = pytest.mark.django_db

NOW = timezone.now()
AUDIT: dict[str, Any] = {"audit_id": "a", "completed_at": NOW}

BROKEN: dict[str, dict[str, Any]] = {
    "success without a task": {**AUDIT, "outcome": Outcome.COMPLETED, "synced_at": NOW},
    "success without a time": {**AUDIT, "outcome": Outcome.COMPLETED, "task_public_id": "wt1"},
    "failure with a task": {
        **AUDIT, "outcome": Outcome.NO_MATCHING_TASK, "task_public_id": "wt1", "synced_at": NOW,
    },
    "repeat of nothing": {**AUDIT, "outcome": Outcome.REPEATED},
    "refused with an audit": {**AUDIT, "outcome": Outcome.INVALID},
    "other event with an audit": {**AUDIT, "outcome": Outcome.NOT_AN_AUDIT},
    "audit without an id": {"completed_at": NOW, "outcome": Outcome.NO_MATCHING_TASK},
    "audit without a time": {"audit_id": "a", "outcome": Outcome.NO_MATCHING_TASK},
    "follow-up that nobody needed": {
        **AUDIT, "outcome": Outcome.NO_MATCHING_TASK, "followed_up_at": NOW,
    },
}  # fmt: skip


@pytest.mark.parametrize("facts", BROKEN.values(), ids=BROKEN)
def test_facts_that_belong_together_cannot_be_parted(byron: Byron, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        SyncEvent.objects.create(client=byron.client, received_at=NOW, **facts)


def test_an_audit_has_one_first_event_for_each_client(byron: Byron) -> None:
    facts = {**AUDIT, "outcome": Outcome.NO_MATCHING_TASK, "received_at": NOW}
    SyncEvent.objects.create(client=byron.client, **facts)
    with pytest.raises(IntegrityError):
        SyncEvent.objects.create(client=byron.client, **facts)

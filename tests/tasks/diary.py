"""The diary as a person calls it up and clicks in it, on Byron at ten in the morning."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.test import Client

from tasks.models import Task

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

HTMX = {"HX-Request": "true"}
TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)


def text_of(client: Client, path: str = "/wards/byron/diary/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def act(
    client: Client,
    task: Task,
    action: str,
    *,
    version: int = 1,
    headers: Mapping[str, str] | None = None,
) -> "Answer":
    data = {"action": action, "version": version, "day": "2026-01-27", "follows_the_clock": "on"}
    return client.post(f"/tasks/{task.public_id}/act/", data, headers=headers)

"""Posting audits as Power Automate does, and the ward that they are for."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any
from urllib.error import HTTPError

from django.test import Client

from assurance.api_clients import create_client
from assurance.models import ApiClient
from assurance.sync import CompletedAudit
from tasks.models import AuditType
from wards.actors import Actor, Source
from wards.models import User, Ward

SYNC = "/api/assurance/sync"
WEBHOOK = "/api/assurance/webhook"
ADMIN = Actor("A senior admin", Source.ADMIN)

AUDIT: dict[str, Any] = {
    "auditType": "fridge_temps",
    "ward": "Byron",
    "completedBy": "Sarah Johnson",
    "completedAt": "2026-01-27T08:14:32Z",
    "auditId": "audit-12345",
    "values": {"currentTemp": 4.2, "inRange": True},
}
EVENT: dict[str, Any] = {
    "eventType": "AUDIT_COMPLETED",
    "timestamp": "2026-01-27T08:15:00Z",
    "audit": {
        "id": "audit-12345",
        "type": "fridge_temps",
        "ward": "Byron",
        "completedBy": {
            "name": "Sarah Johnson",
            "email": "sarah.johnson@nhs.net",
            "staffId": "NHS123456",
        },
        "completedAt": "2026-01-27T08:14:32Z",
        "values": {"currentTemp": 4.2, "minTemp": 3.8, "maxTemp": 5.1, "inRange": True},
        "notes": "",
        "dashboardUrl": "https://focus.example.nhs.uk/assurance-dashboard/audits/12345",
    },
}
OUT_OF_RANGE = {"currentTemp": 11.5, "inRange": False}


@dataclass(frozen=True)
class Byron:
    """A ward, its nurse Sarah Johnson, and a client that may post its audits."""

    ward: Ward
    sarah: User
    client: ApiClient
    key: str


def new_client(*wards: Ward, name: str = "Power Automate") -> tuple[ApiClient, str]:
    """Return a client for `wards`, or for all if there are none, and its key."""
    return create_client(name=name, wards=wards or None, by=ADMIN)


def poster(web: Client, key: str) -> Callable[..., Any]:
    """Return a function that posts the example audit with changes, and returns the response."""

    def post(headers: dict[str, str] | None = None, **changes: Any) -> Any:
        sent = {"X-API-Key": key} if headers is None else headers
        body = json.dumps({**AUDIT, **changes})
        return web.post(SYNC, body, content_type="application/json", headers=sent)

    return post


def event_poster(web: Client, key: str) -> Callable[..., Any]:
    """As `poster`, for the example of the dashboard's own event; changes are of its audit."""

    def post(headers: dict[str, str] | None = None, **changes: Any) -> Any:
        body = {**EVENT, "audit": {**EVENT["audit"], **changes}}
        sent = {"X-API-Key": key, **(headers or {})}
        return web.post(WEBHOOK, body, content_type="application/json", headers=sent)

    return post


def post_to(hub: str, key: str, **changes: Any) -> tuple[int, Message, bytes]:
    """Post the example audit to the server at `hub`; return status, headers and body."""
    return send_to(f"{hub}{SYNC}", key, {**AUDIT, **changes})


def send_to(url: str, key: str, body: dict[str, Any], **headers: str) -> tuple[int, Message, bytes]:
    """Post `body` to `url`; return status, headers and body of the answer."""
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode(),
        headers={"X-API-Key": key, "Content-Type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers, response.read()
    except HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def completed_audit(**changes: Any) -> CompletedAudit:
    """Return the example audit, as the endpoint understands it, with changes."""
    facts: dict[str, Any] = {
        "audit_id": "audit-12345",
        "audit_type": AuditType.FRIDGE_TEMPS,
        "ward_name": "Byron",
        "completed_by": "Sarah Johnson",
        "completed_at": datetime(2026, 1, 27, 8, 14, 32, tzinfo=UTC),
        "values": {"currentTemp": 4.2, "inRange": True},
    }
    return CompletedAudit(**{**facts, **changes})

"""The demo's Assurance Dashboard: now and then it posts an audit, as a trust's own does."""

import http.client
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings

from assurance.api_clients import create_client, issue_key
from assurance.models import ApiClient
from assurance.settlement import candidate
from assurance.sync import CompletedAudit
from demo.audits import DEMO, audits_to_complete, body_of
from demo.chance import chance_for
from demo.crews import crews
from demo.people import VISITOR, demo_users
from demo.readings import out_of_range, readings
from demo.wards import BYRON
from tasks.models import AuditType, Task
from tasks.shifts import ONE_DAY, local_date
from wards.access import wards_visible_to
from wards.models import Ward

CLIENT_NAME = "Assurance Dashboard (demo)"
AGO = timedelta(seconds=20)
WITHOUT_TASK = 1  # the second audit of each run
EVERY_FOURTH = 4  # is out of range

Body = dict[str, Any]


class Dashboard:
    """What it has sent in this run, and the key with which it sends more."""

    def __init__(self) -> None:
        client = ApiClient.objects.filter(name=CLIENT_NAME).first()
        if client is None:
            client, _ = create_client(name=CLIENT_NAME, wards=None, by=DEMO)
        self.key = issue_key(client=client, by=DEMO)
        self.sent: list[Body] = []

    def send_next(self, now: datetime) -> str:
        """Send an audit; return what was sent and answered, in a line."""
        body = self.next_audit(now)
        if body is None:
            return "There is no audit to send."
        self.sent.append(body)
        return f"{body['auditType']} of {body['ward']}: {self._answer_to(body)}"

    def next_audit(self, now: datetime) -> Body | None:
        """Return an audit that is to do now; once one that has no task; else the last one again.

        The wards of the visitor are left alone, who may be about to complete the audit that the
        welcome names.
        """
        if len(self.sent) == WITHOUT_TASK and (audit_type := _type_without_task(now)):
            return _body(audit_type, BYRON, VISITOR, now)
        for task in audits_to_complete(_wards_of_others(), now):
            crew = crews().get(task.ward)
            if crew and now - AGO in candidate(task).window:
                return self._body_for(task, crew.nurses[0].name, now)
        return self.sent[-1] if self.sent else None

    def _body_for(self, task: Task, nurse: str, now: datetime) -> Body:
        body = _body(AuditType(task.audit_type), task.ward.name, nurse, now)
        if len(self.sent) % EVERY_FOURTH == EVERY_FOURTH - 1:
            body["values"] = out_of_range(AuditType(task.audit_type), body["values"])
        return body

    def _answer_to(self, body: Mapping[str, Any]) -> str:
        hub = http.client.HTTPConnection(urlsplit(settings.HUB_BASE_URL).netloc, timeout=30)
        headers = {"X-API-Key": self.key, "Content-Type": "application/json"}
        try:
            hub.request("POST", "/api/assurance/sync", json.dumps(body), headers)
            return hub.getresponse().read().decode()
        except (OSError, http.client.HTTPException) as problem:
            return f"not sent: {problem!r}"
        finally:
            hub.close()


def _body(audit_type: AuditType, ward: str, nurse: str, now: datetime) -> Body:
    return body_of(
        CompletedAudit(
            audit_id=f"audit-{uuid4().hex[:12]}",
            audit_type=audit_type,
            ward_name=ward,
            completed_by=nurse,
            completed_at=now - AGO,
            values=readings(audit_type, chance_for(now, ward)),
        )
    )


def _wards_of_others() -> list[Ward]:
    visitor = demo_users().get(name=VISITOR)
    return list(Ward.objects.exclude(pk__in=wards_visible_to(visitor)))


def _type_without_task(now: datetime) -> AuditType | None:
    """Return a type of which Byron has no task on the days that an audit of now may be of."""
    today = local_date(now)
    tasks = Task.objects.filter(ward__name=BYRON, due_on__in=[today - ONE_DAY, today])
    present = set(tasks.values_list("audit_type", flat=True))
    return next((each for each in AuditType if each not in present), None)

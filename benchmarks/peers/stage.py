"""The stage of the check, in an empty database: wards, people, tasks; and what is left after it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from assurance.api_clients import create_client
from assurance.models import ApiClient, ReadingLimit, SyncEvent
from audit.chain import faults
from audit.models import AuditEvent
from tasks.models import AuditType, Kind, Shift, Task, TaskEvent
from wards.actors import Actor, Source
from wards.models import Membership, Role, User, Ward

DAY = date(2026, 1, 27)
NIGHT_BEFORE = date(2026, 1, 26)
PEOPLE = ("Sarah Johnson", "Percy Reed", "Anna Bell", "Anna Bell")

OF_THE_MOMENT = {"public_id", "received_at", "synced_at", "request_id", "seal"}
"""What no two runs have in common; the seals are judged by the audit log's own check."""


def stage() -> None:
    """Fill the database and print the client's key."""
    byron = Ward.objects.create(name="Byron", slug="byron")
    Ward.objects.create(name="Shelley", slug="shelley")
    for number, name in enumerate(PEOPLE):
        person = User.objects.create(name=name, email=f"{number}@example.nhs.uk")
        Membership.objects.create(user=person, ward=byron, role=Role.NORMAL_USER)
    for audit_type, day, shift in (
        (AuditType.FRIDGE_TEMPS, DAY, Shift.EARLY),
        (AuditType.WATER_TEMPS, DAY, Shift.LATE),
        (AuditType.WALKAROUND, DAY, Shift.EARLY),
        (AuditType.WALKAROUND, DAY, Shift.LATE),
        (AuditType.LIGATURE_CHECK, NIGHT_BEFORE, Shift.NIGHT),
    ):
        Task.objects.create(
            kind=Kind.WARD,
            ward=byron,
            title=audit_type.label,
            audit_type=audit_type,
            due_on=day,
            shift=shift,
        )
    ReadingLimit.objects.create(
        audit_type=AuditType.WATER_TEMPS, reading="hot_tap", unit="°C", lowest=Decimal(50)
    )
    command = Actor("benchmarks.peers", Source.COMMAND)
    print(create_client(name="Power Automate", wards=[byron], by=command)[1])


def leave() -> None:
    """Print what is in the database, as JSON, and whether the audit log is whole."""
    left: dict[str, Any] = {
        f"{model.__name__} {row['pk']}": row
        for model in (Task, TaskEvent, SyncEvent, AuditEvent)
        for row in _rows(model)
    }
    left["used"] = ApiClient.objects.filter(last_used_at__isnull=False).count()
    left["faults"] = [fault.problem for fault in faults()]
    print(json.dumps(left, default=str))


def _rows(model: type[Model]) -> list[dict[str, Any]]:
    rows = model._default_manager.order_by("pk")
    return [_plain({**row, "pk": row[model._meta.pk.attname]}) for row in rows.values()]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    happens_now = row.get("action") in {"audit.receive", "api_client.create"}
    hidden = OF_THE_MOMENT | ({"at"} if happens_now else set())
    told = {name: value is not None if name in hidden else value for name, value in row.items()}
    if row.get("outcome") == "invalid":  # each framework has its own words
        told["details"] = sorted(detail["field"] for detail in row["details"])
    return told

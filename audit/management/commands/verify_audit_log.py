"""Check that no audit event was altered or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import chain
from audit.models import AuditEvent


class Command(BaseCommand):
    help = "Check that no audit event was altered or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(chain.faults())
        for fault in faults:
            self.stderr.write(f"audit event {fault.sequence}: {fault.problem}")
        if faults:
            raise CommandError(f"The audit log is not intact: {len(faults)} fault(s).")
        self.stdout.write(f"The audit log is intact: {AuditEvent.objects.count()} event(s).")

"""Check that no audit event was altered or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import chain
from audit.models import AuditEvent


class Command(BaseCommand):
    help = "Check that no audit event was altered or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at-least",
            type=int,
            default=0,
            metavar="NUMBER",
            help="how many events there must be: the number that the last run printed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(chain.faults())
        for fault in faults:
            self.stderr.write(f"audit event {fault.sequence}: {fault.problem}")
        if faults:
            raise CommandError(f"The audit log is not intact: {len(faults)} fault(s).")
        number = AuditEvent.objects.count()
        if number < options["at_least"]:
            raise CommandError(
                f"The audit log was cut or replaced: it has {number} event(s), "
                f"not {options['at_least']} or more."
            )
        self.stdout.write(f"The audit log is intact: {number} event(s).")

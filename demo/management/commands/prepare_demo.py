"""All that must be in place before the demo's programs start, in one process."""

from typing import Any

from django.core.management import call_command

from demo import systmone
from demo.commands import DemoCommand
from demo.seeding import seed
from demo.static_files import collect_if_changed


class Command(DemoCommand):
    help = "Brings the demo's database, static files and data up to date."
    requires_system_checks = ()  # the programs that follow make them

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.stdout.write("Database: up to date.")
        collected = collect_if_changed()
        self.stdout.write(f"Static files: {'collected' if collected else 'unchanged'}.")
        self.stdout.write(f"Demo data: {'added' if seed() else 'nothing missing'}.")
        systmone.connect()

"""Fill the database with the demo's data."""

from typing import Any

from demo.commands import DemoCommand
from demo.seeding import seed


class Command(DemoCommand):
    help = "Fills an empty database with the demo's data; a filled one gets the days it lacks."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Demo data: added." if seed() else "Demo data: nothing missing.")

"""Tell the visitor where to go, who to be and what to try."""

from typing import Any

from demo.commands import DemoCommand
from demo.welcome import welcome


class Command(DemoCommand):
    help = (
        "Prints the demo's address, its people and, in Max+, an audit to post with a new API key."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(welcome())

"""Send fictional audits while the demo runs, until it stops."""

import time
from typing import Any

from django.utils import timezone

from demo.commands import DemoCommand
from demo.dashboard import Dashboard

AT_FIRST = 15  # seconds, in which the web server starts
BETWEEN = 60


class Command(DemoCommand):
    help = "Plays the Assurance Dashboard: posts an audit to the running demo every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        dashboard = Dashboard()
        time.sleep(AT_FIRST)
        while True:
            self.stdout.write(dashboard.send_next(timezone.now()))
            self.stdout.flush()
            time.sleep(BETWEEN)

"""What the commands of the demo share."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class DemoCommand(BaseCommand):
    """A command that refuses to run outside the demo."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        if not settings.HUB_DEMO:
            raise CommandError(
                "This works in the demo only. Run `make demo`; its data are used with the same "
                "HUB_DATA."
            )
        return super().execute(*args, **options)

"""Build the files that connect the Assurance Dashboard to this Hub through Power Automate."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assurance.power_automate.kit import NotAnAddress, kit_for
from wards.features import Feature, current_tier, feature_available


class Command(BaseCommand):
    help = (
        "Builds the Power Automate kit: a custom connector, and the flow as a solution and as a "
        "package. No key is in the files. docs/power-automate.md tells what to do with them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base-url",
            required=True,
            metavar="URL",
            help="the address under which Power Automate reaches the Hub: https://hub.example.nhs.uk",
        )
        parser.add_argument(
            "--out",
            required=True,
            type=Path,
            metavar="DIR",
            help="the folder for the files: a new or an empty one",
        )

    def handle(self, *args: Any, base_url: str, out: Path, **options: Any) -> None:
        if not feature_available(Feature.ASSURANCE_SYNC):
            raise CommandError(
                f"The {current_tier().label} tier has no Assurance Dashboard sync: it needs Max+."
            )
        try:
            files = kit_for(base_url)
            _write(files, out)
        except NotAnAddress as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(
                f"The kit cannot be written to {out}: {problem.strerror}. Choose another folder."
            ) from None
        for name in files:
            self.stdout.write(str(out / name))


def _write(files: dict[str, bytes], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise CommandError(f"{out} is not empty. Choose an empty folder, or one that is new.")
    for name, content in files.items():
        file = out / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)

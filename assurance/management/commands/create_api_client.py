"""Make an API client and print its key."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from assurance.api_clients import create_client
from assurance.models import ApiClient
from wards.actors import Actor, Source
from wards.features import Feature, current_tier, feature_available
from wards.models import User, Ward

BY = Actor("manage.py create_api_client", Source.COMMAND)


class Command(BaseCommand):
    help = "Creates an API client and prints its key, alone, on standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--name", required=True, help="what the client is, for example its flow"
        )
        parser.add_argument(
            "--ward",
            action="append",
            metavar="WARD",
            help="a ward that it may post for; repeat for several; none: all wards",
        )

        parser.add_argument(
            "--acts-for",
            metavar="EMAIL",
            help="the person in whose name it may read and write about patients; none: it may not",
        )

    def handle(
        self,
        *args: Any,
        name: str,
        ward: list[str] | None,
        acts_for: str | None = None,
        **options: Any,
    ) -> None:
        if not feature_available(Feature.ASSURANCE_SYNC):
            raise CommandError(
                f"The {current_tier().label} tier has no Assurance Dashboard sync: it needs Max+."
            )
        wards = None if ward is None else [_ward(one) for one in ward]
        _check_name(name)
        someone = _person(acts_for) if acts_for else None
        client, key = create_client(name=name, wards=wards, by=BY, acts_for=someone)
        reach = "all wards" if wards is None else ", ".join(one.name for one in wards)
        self.stderr.write(f"{client} may post audits of {reach}. Its key is shown only now:")
        self.stdout.write(key)


def _ward(name: str) -> Ward:
    ward = Ward.objects.filter(name__iexact=name.strip()).first()
    if ward is None:
        known = ", ".join(Ward.objects.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no ward called “{name}”. The wards are: {known}.")
    return ward


def _person(email: str) -> User:
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody who may sign in has the e-mail address “{email}”.")
    return person


def _check_name(name: str) -> None:
    try:
        ApiClient(name=name, prefix="-", key_hash="-").full_clean()
    except ValidationError as problem:
        raise CommandError(" ".join(problem.messages)) from None

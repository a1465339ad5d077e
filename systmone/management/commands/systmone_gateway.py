"""Set up, list, check and switch off the gateways to SystmOne."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from systmone import gateways
from systmone.checkup import NoAnswer, check
from systmone.models import Gateway
from systmone.staff import refresh
from wards.actors import Actor, Source
from wards.features import Feature, current_tier, feature_available
from wards.models import Ward

BY = Actor("manage.py systmone_gateway", Source.COMMAND)


class Command(BaseCommand):
    help = "Sets up, lists, checks and switches off the gateways to SystmOne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
        add = actions.add_parser("add", help="set up a gateway")
        add.add_argument("--name", required=True, help="what people call it")
        add.add_argument("--host", required=True, help="where it listens")
        add.add_argument("--port", required=True, type=int, help="40700, or the tunnel's end")
        add.add_argument("--api-key", required=True, help="given by TPP")
        add.add_argument("--device-id", default="", help="if SystmOne has approved the Hub already")
        add.add_argument(
            "--ward", action="append", default=[], metavar="WARD", help="it serves; may repeat"
        )
        actions.add_parser("list", help="show all gateways")
        checked = actions.add_parser("check", help="ask a gateway what it is and what it can do")
        checked.add_argument("name", metavar="NAME")
        checked.add_argument("--seconds", type=float, default=90, help="to wait; default: 90")
        staff = actions.add_parser("staff", help="ask a gateway who works there")
        staff.add_argument("name", metavar="NAME")
        disabled = actions.add_parser("disable", help="let nothing go out through a gateway")
        disabled.add_argument("name", metavar="NAME")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if not feature_available(Feature.SYSTMONE):
            raise CommandError(f"The {current_tier().label} tier has no SystmOne: it needs Max+.")
        {
            "add": self._add,
            "list": self._list,
            "check": self._check,
            "staff": self._staff,
            "disable": self._disable,
        }[act](options)

    def _add(self, options: dict[str, Any]) -> None:
        wards = [_ward(name) for name in options["ward"]]
        given = ("name", "host", "port", "api_key", "device_id")
        gateway = Gateway(**{name: options[name] for name in given})
        try:
            gateway.full_clean()
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        gateways.add(gateway=gateway, wards=wards, by=BY)
        self.stdout.write(f"{gateway} is set up for {_names(wards)}.")
        self.stdout.write(f"Now: manage.py systmone_gateway check “{gateway}”")

    def _list(self, options: dict[str, Any]) -> None:
        for gateway in Gateway.objects.prefetch_related("wards_served__ward"):
            wards = [served.ward for served in gateway.wards_served.all()]
            state = gateway.stopped_because or ("on" if gateway.is_on else "off")
            self.stdout.write(f"{gateway}\t{gateway.host}:{gateway.port}\t{_names(wards)}\t{state}")

    def _check(self, options: dict[str, Any]) -> None:
        gateway = _gateway(options["name"])
        try:
            found = check(gateway=gateway, by=BY, seconds=options["seconds"])
        except NoAnswer as problem:
            raise CommandError(f"{gateway} cannot be used: {problem}") from None
        self.stdout.write(f"{gateway} answers.")
        self.stdout.write(f"Logged on: {found.user or 'nobody'}, at {found.site or 'no site'}.")
        for name, versions in sorted(found.functions.items()):
            self.stdout.write(f"  {name} {', '.join(versions)}")
        for name, meaning in found.missing.items():
            self.stdout.write(f"Missing: {name}; {meaning}.")

    def _staff(self, options: dict[str, Any]) -> None:
        gateway = _gateway(options["name"])
        refresh(gateway=gateway, by=BY)
        self.stdout.write(f"{gateway} is asked who works there; see SystmOne users in the admin.")

    def _disable(self, options: dict[str, Any]) -> None:
        gateway = _gateway(options["name"])
        gateways.switch_off(gateway=gateway, by=BY)
        self.stdout.write(f"{gateway} is off: calls wait.")


def _gateway(name: str) -> Gateway:
    gateway = Gateway.objects.filter(name=name).first()
    if gateway is None:
        known = ", ".join(Gateway.objects.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no gateway called “{name}”. The gateways are: {known}.")
    return gateway


def _ward(name: str) -> Ward:
    ward = Ward.objects.filter(name__iexact=name.strip()).first()
    if ward is None:
        known = ", ".join(Ward.objects.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no ward called “{name}”. The wards are: {known}.")
    return ward


def _names(wards: list[Ward]) -> str:
    return ", ".join(ward.name for ward in wards) or "no ward yet"

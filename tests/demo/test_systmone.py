"""The demo's gateway leads to the simulator that runs beside it."""

import pytest
from pytest_django import Settings

from demo.folder import Demo
from demo.people import EVERYBODY
from demo.systmone import connect
from systmone.gateways import gateway_of
from systmone.models import Gateway
from systmone.simulator.fiction.organisation import STAFF
from tests.factories import WardFactory

pytestmark = pytest.mark.django_db


def port_for(settings: Settings, web_port: int) -> int:
    settings.HUB_BASE_URL = f"http://127.0.0.1:{web_port}"
    return Demo(settings.DATA_DIR, web_port, "max_plus").systmone_port


def test_every_ward_has_it_and_it_follows_the_demo_to_another_port(settings: Settings) -> None:
    wards = [WardFactory.create(), WardFactory.create()]
    for web_port in (8000, 8001):
        expected = port_for(settings, web_port)
        connect()
        gateway = Gateway.objects.get()
        assert gateway.port == expected
        assert {gateway_of(ward) for ward in wards} == {gateway}


def test_other_tiers_have_none(settings: Settings) -> None:
    settings.HUB_TIER = "max"
    connect()
    assert not Gateway.objects.exists()


def test_somebody_on_the_wards_has_the_name_of_a_user_of_systmone() -> None:
    users = {f"{first_name} {surname}" for _, first_name, _, surname, *_ in STAFF}
    assert users & {person.name for person in EVERYBODY} == {"Dafydd Prosser"}

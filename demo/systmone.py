"""The demo's gateway: to the simulator of SystmOne that runs beside it."""

from urllib.parse import urlsplit

from django.conf import settings

from demo.audits import DEMO
from demo.folder import Demo
from systmone import gateways, staff
from systmone.models import Gateway
from wards.features import Feature, feature_available
from wards.models import Ward

NAME = "SystmOne simulator"


def connect() -> None:
    """Set up the gateway for all wards, or let it follow the simulator to another port."""
    if not feature_available(Feature.SYSTMONE):
        return
    web_port = urlsplit(settings.HUB_BASE_URL).port or 80
    port = Demo(settings.DATA_DIR, web_port, settings.HUB_TIER).systmone_port
    present = Gateway.objects.filter(name=NAME)
    if not present.update(port=port):
        gateway = Gateway(
            name=NAME, port=port, api_key="only-for-the-demo", task_type="General Task"
        )
        gateways.add(gateway=gateway, wards=list(Ward.objects.all()), by=DEMO)
        staff.refresh(gateway=gateway, by=DEMO)

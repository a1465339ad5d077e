"""The request that a signed-in person's page receives."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from wards.models import User


class SignedInRequest(HttpRequest):
    """What the middleware leaves in a request: the person, and whether htmx asks."""

    user: User
    htmx: HtmxDetails

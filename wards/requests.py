"""Requests as our middleware hands them to views."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from wards.models import User


class AnyRequest(HttpRequest):
    """A request of anybody, who may or may not have signed in."""

    user: User | AnonymousUser
    htmx: HtmxDetails


class SignedInRequest(HttpRequest):
    """A request of a person who has signed in."""

    user: User
    htmx: HtmxDetails

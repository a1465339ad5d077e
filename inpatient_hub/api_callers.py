"""Who may call what reads and writes patients: the person of a session, or a client's key.

A client acts in the name of one person, and reaches the wards that both of them reach. One that
acts for nobody has nothing to do with patients.
"""

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer

from assurance.authentication import ApiKey, BearerKey
from assurance.incoming import check_may_call
from assurance.models import ApiClient
from wards.access import wards_visible_to
from wards.actors import Actor, Source
from wards.api_callers import Caller, signed_in
from wards.models import User

LONGEST_NAME = 150


class NoPatientData(AuthorizationError):
    code = "NO_PATIENT_DATA"

    def __init__(self) -> None:
        super().__init__(message="This key may not be used for patients: a senior admin allows it")


class Session(APIKeyCookie):
    """The session of who signed in to the Hub; what changes something needs the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        return signed_in(request.user) if isinstance(request.user, User) else None


class PatientKey(APIKeyHeader):
    """The key in the header `X-API-Key`, of a client that acts for a person."""

    param_name = ApiKey.param_name

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        return _caller(request, ApiKey().authenticate(request, key))


class PatientBearer(HttpBearer):
    """The key in the header `Authorization`, of a client that acts for a person."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        return _caller(request, BearerKey().authenticate(request, token))


def _caller(request: HttpRequest, client: ApiClient | None) -> Caller | None:
    """Return `client` as a caller. Raises what answers 403 or 429 where it may not call now."""
    if client is None:
        return None
    check_may_call(request, client)
    person = client.acts_for
    if person is None or not person.is_active:
        raise NoPatientData
    wards = wards_visible_to(person)
    if not client.all_wards:
        wards = wards.filter(pk__in=client.wards.values("pk"))
    name = f"{person.name} through {client.name}"[:LONGEST_NAME]
    return Caller(f"client {client.pk}", Actor(name, Source.API, person), wards)


PATIENTS_ALLOWED = [PatientKey(), PatientBearer(), Session()]

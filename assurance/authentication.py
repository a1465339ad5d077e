"""Who calls: an API client shows its key, or a token that the trust issued to it."""

import re
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from ninja.errors import HttpError
from ninja.security import APIKeyHeader, HttpBearer

from assurance.api_clients import MARK, PREFIX_LENGTH, hash_of
from assurance.models import ApiClient
from assurance.rate_limits import count_failed_authentication
from assurance.trust_keys import KeysNotAvailable
from assurance.trust_tokens import client_with_token, looks_like_token

KEY = re.compile(rf"{MARK}_([a-z0-9]{{{PREFIX_LENGTH}}})_[A-Za-z0-9_-]{{43}}")
SHOWN_AS_USED_EVERY = timedelta(minutes=1)


class ApiKey(APIKeyHeader):
    """The key in the header `X-API-Key`."""

    param_name = "X-API-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> ApiClient | None:
        return _client_or_count(request, key) if key else None


class BearerKey(HttpBearer):
    """The key, or a token of the trust, in the header `Authorization`, after the word `Bearer`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        return _client_or_count(request, token)


class TrustNotAvailable(HttpError):
    def __init__(self) -> None:
        super().__init__(503, "The token cannot be checked now; try again later")


def client_with_key(key: str) -> ApiClient | None:
    """Return the client whose current key is `key`, or `None`."""
    shape = KEY.fullmatch(key)
    client = ApiClient.objects.current().filter(prefix=shape[1]).first() if shape else None
    if client is None or not constant_time_compare(client.key_hash, hash_of(key)):
        return None
    return client


def address_of(request: HttpRequest) -> str | None:
    """Return where `request` came from; our middleware has looked behind the proxies."""
    return request.META.get("REMOTE_ADDR")


def _client_or_count(request: HttpRequest, key: str) -> ApiClient | None:
    client = _client_with(key.strip())
    if client is None:
        count_failed_authentication(address_of(request))
    else:
        _note_use(client)
    return client


def _client_with(key: str) -> ApiClient | None:
    if not looks_like_token(key):
        return client_with_key(key)
    try:
        return client_with_token(key)
    except KeysNotAvailable:
        raise TrustNotAvailable from None


def _note_use(client: ApiClient) -> None:
    now = timezone.now()
    long_ago = now - SHOWN_AS_USED_EVERY
    if client.last_used_at is None or client.last_used_at < long_ago:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=long_ago)
        ApiClient.objects.filter(stale, pk=client.pk).update(last_used_at=now)

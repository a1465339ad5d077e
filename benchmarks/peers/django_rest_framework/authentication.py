"""Who calls: an API client shows its key in `X-API-Key`."""

from datetime import UTC, datetime

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from benchmarks.peers import contract
from benchmarks.peers.django_rest_framework.models import ApiClient


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the client of a key by its prefix, and compares the hash."""

    def authenticate(self, request: Request) -> tuple[ApiClient, str]:
        key = request.headers.get("X-API-Key", "").strip()
        client = client_with_key(key)
        if client is None:
            raise AuthenticationFailed
        if not contract.allows(client.allowed_networks, request.META["REMOTE_ADDR"]):
            raise PermissionDenied
        return client, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def client_with_key(key: str) -> ApiClient | None:
    """Return the client whose current key is `key`."""
    prefix = contract.prefix_of(key)
    current = ApiClient.objects.filter(prefix=prefix, revoked_at=None)
    client = current.first() if prefix else None
    if client is None or not contract.is_key(key, client.key_hash):
        return None
    now = datetime.now(UTC)
    long_ago = now - contract.SHOWN_AS_USED_EVERY
    if client.last_used_at is None or client.last_used_at < long_ago:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return client

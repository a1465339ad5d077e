"""Tokens that the trust's Microsoft Entra ID issues to an application of its own.

Source: Microsoft identity platform, "Access tokens": client credentials, versions 1.0 and 2.0.
"""

from typing import Any
from uuid import UUID

import jwt
import structlog
from django.conf import settings

from assurance.models import ApiClient
from assurance.trust_keys import keys_at

logger = structlog.get_logger(__name__)

ALGORITHMS = ["RS256"]  # what Entra ID signs with; never what a token asks for
CLOCKS_MAY_DIFFER_BY = 60  # seconds


class NotAccepted(Exception):
    """The token is not one that the trust issued for the Hub; the text says why, for the log."""


def looks_like_token(text: str) -> bool:
    """Say whether `text` is a token in its form, and such tokens are accepted at all."""
    return bool(settings.HUB_TOKEN_TENANT) and text.count(".") == 2


def client_with_token(token: str) -> ApiClient | None:
    """Return the client of the application to which `token` was issued, or `None`.

    Raises `KeysNotAvailable` if the keys cannot be fetched now.
    """
    try:
        application = _application_of(_claims_of(token))
    except (jwt.InvalidTokenError, NotAccepted) as problem:
        logger.warning("token refused", reason=type(problem).__name__, problem=str(problem))
        return None
    client = ApiClient.objects.current().filter(application_id=application).first()
    if client is None:
        logger.warning("token refused", reason="no client of this application")
    return client


def _claims_of(token: str) -> dict[str, Any]:
    number = jwt.get_unverified_header(token).get("kid")
    key = keys_at(settings.HUB_TOKEN_KEYS_URL).key(number) if isinstance(number, str) else None
    if key is None:
        raise NotAccepted("signed with an unknown key")
    claims: dict[str, Any] = jwt.decode(
        token,
        key=key,
        algorithms=ALGORITHMS,
        audience=settings.HUB_TOKEN_AUDIENCES,
        issuer=settings.HUB_TOKEN_ISSUERS,
        leeway=CLOCKS_MAY_DIFFER_BY,
        options={"require": ["exp", "iss", "aud"]},
    )
    return claims


def _application_of(claims: dict[str, Any]) -> UUID:
    if claims.get("tid") != settings.HUB_TOKEN_TENANT:
        raise NotAccepted("of another tenant")
    roles = claims.get("roles")
    if not isinstance(roles, list) or settings.HUB_TOKEN_ROLE not in roles:
        raise NotAccepted("without the application role")
    try:
        return UUID(claims.get("azp") or claims.get("appid"))
    except (TypeError, ValueError, AttributeError):
        raise NotAccepted("without the id of an application") from None

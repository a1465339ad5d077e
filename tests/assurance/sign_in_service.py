"""A real sign-in service in a thread; its tokens have the claims that Entra ID gives to a program.

It knows people alone, so the token is the one that it issues to a person with these claims.
"""

import json
import logging
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import oidc_provider_mock
from oidc_provider_mock import _app

TENANT = "11111111-aaaa-4aaa-8aaa-111111111111"
APPLICATION = "22222222-bbbb-4bbb-8bbb-222222222222"
AUDIENCE = "api-of-the-hub"
ROLE = "Audits.Write"
BACK = "http://localhost/back"

CLAIMS: dict[str, Any] = {"tid": TENANT, "azp": APPLICATION, "roles": [ROLE]}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _header(*_: Any) -> dict[str, str]:
    return {"alg": "RS256", "kid": _app.storage.jwk.as_dict()["kid"]}


# As it comes, it does not tell with which of its keys it signs; Entra ID does.
_app.OpenIDCode.get_encode_header = _header


@contextmanager
def running_sign_in_service(port: int = 0) -> Iterator[str]:
    """Run it until the block ends; yield its address. Each run has a new key."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread(port=port) as server:
        yield f"http://localhost:{server.server_port}"


def token_of(service: str, *, audience: str = AUDIENCE, **claims: Any) -> str:
    """Return a token of `service` for `audience` with these claims; `None` leaves one out."""
    given = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    _send(f"{service}/users/program", json.dumps(given).encode(), "PUT", "application/json")
    query = urllib.parse.urlencode(
        {"client_id": audience, "redirect_uri": BACK, "response_type": "code", "scope": "openid"}
    )
    place = _send(f"{service}/oauth2/authorize?{query}", b"sub=program").headers["Location"]
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(place).query)["code"][0]
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    answer = _send(
        f"{service}/oauth2/token",
        urllib.parse.urlencode(asked).encode(),
        Authorization="Basic " + b64encode(f"{audience}:secret".encode()).decode(),
    )
    return str(json.load(answer)["id_token"])


def _send(
    url: str,
    body: bytes,
    method: str = "POST",
    content_type: str = "application/x-www-form-urlencoded",
    **headers: str,
) -> Any:
    request = urllib.request.Request(
        url, body, headers={"Content-Type": content_type, **headers}, method=method
    )
    try:
        return urllib.request.build_opener(_NoRedirect).open(request, timeout=30)
    except urllib.error.HTTPError as redirect:
        if redirect.code != 302:
            raise
        return redirect

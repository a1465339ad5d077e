"""Tokens of the trust's own sign-in service: whose they are, for whom, and until when."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from assurance import trust_keys
from assurance.api_clients import revoke
from assurance.models import ApiClient, SyncEvent
from demo.probes import free_port
from tests.admin.pages import address, submit
from tests.assurance.posting import ADMIN, SYNC, Byron, poster
from tests.assurance.sign_in_service import (
    APPLICATION,
    AUDIENCE,
    CLAIMS,
    ROLE,
    TENANT,
    running_sign_in_service,
    token_of,
)
from tests.factories import AuditTaskFactory, senior_admin

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # inside the service
]

Call = Callable[[str], Any]


@pytest.fixture(scope="module")
def running_service() -> Iterator[str]:
    with running_sign_in_service() as service:
        yield service


def trust(settings: Settings, service: str) -> None:
    settings.HUB_TOKEN_TENANT = TENANT
    settings.HUB_TOKEN_AUDIENCES = ["api://another", AUDIENCE]
    settings.HUB_TOKEN_ROLE = ROLE
    settings.HUB_TOKEN_ISSUERS = ["https://sts.windows.net/another/", service]
    settings.HUB_TOKEN_KEYS_URL = f"{service}/jwks"


@pytest.fixture
def service(running_service: str, settings: Settings, byron: Byron) -> Iterator[str]:
    """The service, trusted; the application of its tokens is Byron's client."""
    trust(settings, running_service)
    byron.client.application_id = APPLICATION
    byron.client.save()
    trust_keys.keys_at.cache_clear()
    yield running_service
    trust_keys.keys_at.cache_clear()


@pytest.fixture
def call(client: Client, byron: Byron) -> Call:
    """Post the example audit with this token."""
    post = poster(client, byron.key)
    return lambda token: post({"Authorization": f"Bearer {token}"})


def test_a_token_of_the_application_comes_in_as_its_client(
    byron: Byron, service: str, call: Call
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    assert call(token_of(service)).json()["success"] is True
    assert SyncEvent.objects.get().client == byron.client
    byron.client.refresh_from_db()
    assert byron.client.last_used_at is not None


def test_a_token_of_version_1_names_the_application_elsewhere(service: str, call: Call) -> None:
    assert call(token_of(service, azp=None, appid=APPLICATION)).status_code == 200


WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"audience": "api-of-somebody-else"},
    "another tenant": {"tid": APPLICATION},
    "no tenant": {"tid": None},
    "another application": {"azp": TENANT},
    "no application": {"azp": None},
    "an application that is no id": {"azp": "the flow"},
    "an application that is no text": {"azp": {"id": APPLICATION}},
    "another role": {"roles": ["Audits.Read"]},
    "no role": {"roles": None},
    "a role that only looks like it": {"roles": f"{ROLE} "},
    "not yet valid": {"nbf": timezone.now().timestamp() + 3600},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_for_something_else_is_no_token(
    service: str, call: Call, claims: dict[str, Any]
) -> None:
    answer = call(token_of(service, **claims))
    assert (answer.status_code, answer.json()["error"]) == (401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not SyncEvent.objects.exists()


def test_a_token_of_another_issuer_is_no_token(
    service: str, call: Call, settings: Settings
) -> None:
    settings.HUB_TOKEN_ISSUERS = ["https://sts.windows.net/another/"]
    assert call(token_of(service)).status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(3600 + 30, 200), (3600 + 90, 401)])
def test_clocks_may_differ_by_a_minute(service: str, call: Call, seconds: int, status: int) -> None:
    token = token_of(service)
    with time_machine.travel(timezone.now().timestamp() + seconds):
        assert call(token).status_code == status


def forged(service: str, header: dict[str, Any], key: Any = None) -> str:
    """Return a token with good claims that the service has not signed."""
    claims = jwt.decode(token_of(service), options={"verify_signature": False})
    if key is not None:
        return jwt.encode(claims, key, algorithm=header["alg"], headers=header)
    parts = [
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, claims)
    ]
    return ".".join([*parts, ""])


def test_who_has_not_the_key_cannot_make_a_token(service: str, call: Call) -> None:
    number = jwt.get_unverified_header(token_of(service))["kid"]
    another_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    tokens = [
        forged(service, {"alg": "none", "typ": "JWT", "kid": number}),
        forged(service, {"alg": "RS256", "kid": number}, another_key),
        forged(service, {"alg": "HS256", "kid": number}, "the public key is no secret, 0123456789"),
        forged(service, {"alg": "RS256", "kid": 7, "typ": "JWT"}),
        forged(service, {"alg": "RS256", "typ": "JWT"}),
        "a.b.c",
        "..",
        "\u00e9.\u00e9.\u00e9",
    ]
    assert {call(token).status_code for token in tokens} == {401}


def test_a_revoked_client_has_no_tokens(byron: Byron, service: str, call: Call) -> None:
    revoke(client=byron.client, by=ADMIN)
    assert call(token_of(service)).status_code == 401


def test_keys_still_come_in_and_without_a_tenant_tokens_do_not(
    byron: Byron, service: str, call: Call, settings: Settings
) -> None:
    assert call(byron.key).status_code == 200
    settings.HUB_TOKEN_TENANT = ""
    assert call(token_of(service)).status_code == 401


def test_keys_are_fetched_once_whatever_comes(
    service: str, call: Call, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust_keys, "PAUSE", 3600.0)
    good = token_of(service)
    assert {call(good).status_code for _ in range(3)} == {200}
    ring = trust_keys.keys_at(settings.HUB_TOKEN_KEYS_URL)
    asked_until = ring._may_ask_at
    another_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    unknown = forged(service, {"alg": "RS256", "kid": "unknown"}, another_key)

    statuses = {call(unknown).status_code for _ in range(5)}

    assert statuses == {503}  # nobody can tell before the pause is over
    assert ring._may_ask_at == asked_until
    assert call(good).status_code == 200


def test_a_new_key_of_the_service_is_learnt(
    byron: Byron, settings: Settings, call: Call, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setattr(trust_keys, "PAUSE", 0.0)
    with running_sign_in_service(port) as first:
        trust(settings, first)
        old = token_of(first)
        assert call(old).status_code == 200
    with running_sign_in_service(port) as second:
        assert call(token_of(second)).status_code == 200
        assert call(old).status_code == 401


def test_while_the_service_is_away_what_is_known_holds_and_the_rest_comes_again(
    byron: Byron, settings: Settings, call: Call, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust_keys, "LIFETIME", 0.0)
    monkeypatch.setattr(trust_keys, "PAUSE", 0.0)
    with running_sign_in_service() as away:
        trust(settings, away)
        token = token_of(away)
        assert call(token).status_code == 200

    assert call(token).status_code == 200
    trust_keys.keys_at.cache_clear()  # as a process that was just started
    answer = call(token)
    assert (answer.status_code, answer.json()["error"]) == (503, "TEMPORARILY_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) >= 1


def test_what_is_no_set_of_keys_is_no_reason_to_turn_anybody_away(
    settings: Settings, call: Call, service: str
) -> None:
    settings.HUB_TOKEN_KEYS_URL = f"{service}/"  # a page for people
    assert call(token_of(service)).status_code == 503


def test_tokens_open_the_other_doors_too(byron: Byron, service: str, client: Client) -> None:
    headers = {"Authorization": f"Bearer {token_of(service)}"}
    body = {"eventType": "PING"}
    path = "/api/assurance/webhook"
    answer = client.post(path, body, content_type="application/json", headers=headers)
    assert answer.status_code == 202
    assert client.get(answer.headers["Location"], headers=headers).status_code == 200


def test_a_senior_admin_says_whose_tokens_stand_for_the_client(byron: Byron) -> None:
    web = Client()
    web.force_login(senior_admin())
    page = address(ApiClient, "change", byron.client)
    submit(web, page, application_id=APPLICATION)
    assert str(ApiClient.objects.get().application_id) == APPLICATION
    submit(web, page, application_id="")
    assert ApiClient.objects.get().application_id is None


def test_the_token_is_not_logged(
    service: str, call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of(service, tid="another")
    assert call(token).status_code == 401
    assert "token refused" in caplog.text
    assert token.split(".")[1] not in caplog.text
    assert SYNC in caplog.text


def test_claims_are_those_of_entra(service: str) -> None:
    claims = jwt.decode(token_of(service), options={"verify_signature": False})
    assert claims.items() >= {**CLAIMS, "aud": [AUDIENCE], "iss": service}.items()

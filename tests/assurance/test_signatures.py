"""A client that signs: Standard Webhooks, as its own library signs, or a plain HMAC."""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from assurance import signing
from assurance.models import ApiClient, Outcome, SyncEvent
from assurance.signatures import mark_of
from audit.models import AuditEvent
from tests.admin.pages import address
from tests.assurance.posting import ADMIN, AUDIT, EVENT, SYNC, WEBHOOK, Byron
from tests.factories import AuditTaskFactory, senior_admin

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 27, 8, 15, tzinfo=UTC)
OTHER_SECRET = "whsec_" + "A" * 43 + "="
Sign = Callable[..., dict[str, str]]


@pytest.fixture
def secret(byron: Byron) -> str:
    return signing.issue_secret(client=byron.client, replaces="", by=ADMIN)


def standard(secret: str, body: str, at: float = NOW.timestamp(), name: str = "msg_1") -> Any:
    moment = datetime.fromtimestamp(at, UTC)
    signature = Webhook(secret).sign(msg_id=name, timestamp=moment, data=body)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at)),
        "webhook-signature": f"v1,c29tZSBvdGhlcg== {signature}",
    }


def plain(secret: str, body: str, at: float = NOW.timestamp()) -> dict[str, str]:
    """As a script of a custom connector signs."""
    seconds = str(int(at))
    digest = hmac.new(secret.encode(), f"{seconds}.{body}".encode(), sha256).hexdigest()
    return {"X-Hub-Timestamp": seconds, "X-Hub-Signature": f"sha256={digest}"}


def send(key: str, path: str, body: str, headers: Mapping[str, str]) -> Any:
    with time_machine.travel(NOW, tick=False):
        return Client().post(
            path, body, content_type="application/json", headers={"X-API-Key": key, **headers}
        )


@pytest.mark.parametrize("sign", [standard, plain])
@pytest.mark.parametrize(("path", "example"), [(SYNC, AUDIT), (WEBHOOK, EVENT)])
def test_what_is_signed_is_taken(
    byron: Byron, secret: str, sign: Sign, path: str, example: Any
) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    body = json.dumps(example)
    assert send(byron.key, path, body, sign(secret, body)).status_code in (200, 202)


BODY = json.dumps(AUDIT)
AT = NOW.timestamp()
REFUSED: dict[str, Callable[[str], dict[str, str]]] = {
    "nothing": lambda secret: {},
    "another secret": lambda secret: standard(OTHER_SECRET, BODY),
    "another body": lambda secret: standard(secret, BODY + " "),
    "too old": lambda secret: standard(secret, BODY, AT - 301),
    "too new": lambda secret: standard(secret, BODY, AT + 301),
    "another id": lambda secret: standard(secret, BODY) | {"webhook-id": "msg_2"},
    "another time": lambda secret: standard(secret, BODY) | {"webhook-timestamp": f"{AT + 1:.0f}"},
    "no time": lambda secret: standard(secret, BODY) | {"webhook-timestamp": ""},
    "no number": lambda secret: standard(secret, BODY) | {"webhook-timestamp": "nan"},
    "no signature": lambda secret: standard(secret, BODY) | {"webhook-signature": ""},
    "not base64": lambda secret: standard(secret, BODY) | {"webhook-signature": "v1,\u00e9"},
    "no comma": lambda secret: standard(secret, BODY) | {"webhook-signature": "v1"},
    "plain: another secret": lambda secret: plain(OTHER_SECRET, BODY),
    "plain: another body": lambda secret: plain(secret, BODY + " "),
    "plain: too old": lambda secret: plain(secret, BODY, AT - 301),
    "plain: too new": lambda secret: plain(secret, BODY, AT + 301),
    "plain: another time": lambda secret: plain(secret, BODY) | {"X-Hub-Timestamp": f"{AT:.0f}0"},
    "plain: no time": lambda secret: plain(secret, BODY) | {"X-Hub-Timestamp": ""},
    "plain: no digits": lambda secret: plain(secret, BODY) | {"X-Hub-Signature": "sha256=x"},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
def test_what_is_not_signed_as_asked_is_refused(
    byron: Byron, secret: str, headers: Callable[[str], dict[str, str]]
) -> None:
    task = AuditTaskFactory.create(ward=byron.ward)
    answer = send(byron.key, SYNC, BODY, headers(secret))
    assert (answer.status_code, answer.json()["error"]) == (403, "SOURCE_NOT_ALLOWED")
    assert "must be signed" in answer.json()["message"]
    event = SyncEvent.objects.get()
    assert (event.outcome, event.details[0]["field"]) == (Outcome.SOURCE_NOT_ALLOWED, "signature")
    assert AuditEvent.objects.filter(action="audit.receive", outcome="refused").exists()
    task.refresh_from_db()
    assert task.is_open


@pytest.mark.parametrize("sign", [standard, plain])
@pytest.mark.parametrize("seconds", [-299, 299])
def test_clocks_may_differ_by_five_minutes(
    byron: Byron, secret: str, sign: Sign, seconds: int
) -> None:
    assert send(byron.key, SYNC, BODY, sign(secret, BODY, AT + seconds)).status_code == 200


def test_an_id_that_was_seen_is_a_repeat_not_an_error(byron: Byron, secret: str) -> None:
    first, again = (json.dumps({"eventType": "PING", "try": number}) for number in (1, 2))
    answers = [send(byron.key, WEBHOOK, body, standard(secret, body)) for body in (first, again)]
    assert answers[0].json() == answers[1].json()
    assert SyncEvent.objects.latest("pk").outcome == Outcome.REPEATED

    other = send(byron.key, WEBHOOK, first, standard(secret, first, name="msg_2"))
    assert other.json()["eventId"] != answers[0].json()["eventId"]


def test_an_id_that_nobody_signed_means_nothing(byron: Byron) -> None:
    body = json.dumps({"eventType": "PING"})
    ids = {send(byron.key, WEBHOOK, body, {"webhook-id": "1"}).json()["eventId"] for _ in range(2)}
    assert len(ids) == 2


def test_also_a_question_is_signed(byron: Byron, secret: str) -> None:
    body = json.dumps(EVENT)
    place = send(byron.key, WEBHOOK, body, plain(secret, body)).headers["Location"]
    with time_machine.travel(NOW, tick=False):
        key = {"X-API-Key": byron.key}
        assert Client().get(place, headers=key).json()["error"] == "SOURCE_NOT_ALLOWED"
        assert Client().get(place, headers=key | plain(secret, "")).status_code == 200


def test_a_new_secret_ends_the_old_one(byron: Byron, secret: str) -> None:
    new = signing.issue_secret(client=byron.client, replaces=mark_of(secret), by=ADMIN)
    assert send(byron.key, SYNC, BODY, plain(secret, BODY)).status_code == 403
    assert send(byron.key, SYNC, BODY, plain(new, BODY)).status_code == 200
    signing.ask_for_no_signatures(client=byron.client, by=ADMIN)
    assert send(byron.key, SYNC, BODY, {}).status_code == 200


def test_the_secret_is_kept_encrypted(byron: Byron, secret: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT signing_secret FROM assurance_apiclient")
        stored = cursor.fetchone()[0]
    assert stored
    assert secret not in stored
    assert ApiClient.objects.get().signing_secret == secret


def test_a_secret_that_cannot_be_read_lets_nobody_in(
    byron: Byron, secret: str, settings: Settings, senior: Client
) -> None:
    settings.HUB_ENCRYPTION_KEYS = ["b25seS1mb3ItYW5vdGhlci10ZXN0LTAxMjM0NTY3ODk="]
    for headers in ({}, plain(secret, BODY), plain("", BODY)):
        with time_machine.travel(NOW, tick=False):
            answer = Client(raise_request_exception=False).post(
                SYNC,
                BODY,
                content_type="application/json",
                headers={"X-API-Key": byron.key, **headers},
            )
        assert answer.status_code == 500
        assert answer.headers["Retry-After"]
    assert not SyncEvent.objects.exists()
    page = senior.get(address(ApiClient, "change", byron.client)).content.decode()
    assert "cannot read its secret" in page
    anew = senior.post(address(ApiClient, "signing-secret", byron.client), {"mark": ""})
    assert SECRET.findall(anew.content.decode()) == [ApiClient.objects.get().signing_secret]


def test_guessing_signatures_is_slowed_down(byron: Byron, secret: str) -> None:
    headers = {"REMOTE_ADDR": "203.0.113.9"}
    web = Client(**headers)  # type: ignore[arg-type]
    statuses = [
        web.post(
            SYNC, BODY, content_type="application/json", headers={"X-API-Key": byron.key}
        ).status_code
        for _ in range(31)
    ]
    assert (set(statuses[:30]), statuses[30]) == ({403}, 429)
    assert send(byron.key, SYNC, BODY, plain(secret, BODY)).status_code == 200


SECRET = re.compile(r'value="(whsec_[A-Za-z0-9+/=]{44})"')


@pytest.fixture
def senior() -> Client:
    web = Client()
    web.force_login(senior_admin())
    return web


def test_a_senior_admin_sets_it_up_rotates_and_ends_it(byron: Byron, senior: Client) -> None:
    pages = address(ApiClient, "signing-secret", byron.client)
    assert b"must be signed" in senior.get(pages).content

    shown = senior.post(pages, {"mark": ""})
    first = SECRET.findall(shown.content.decode())[0]
    assert shown["Cache-Control"].find("no-store") >= 0
    assert ApiClient.objects.get().signing_secret == first

    again = senior.post(pages, {"mark": ""}).content.decode()  # sent twice
    assert not SECRET.findall(again)
    assert ApiClient.objects.get().signing_secret == first

    rotated = senior.post(pages, {"mark": mark_of(first)}).content.decode()
    second = SECRET.findall(rotated)[0]
    for path in ("change", "history", "signing-secret", "no-signatures"):
        page = senior.get(address(ApiClient, path, byron.client)).content.decode()
        assert second not in page

    senior.post(address(ApiClient, "no-signatures", byron.client))
    assert ApiClient.objects.get().signing_secret == ""
    log = AuditEvent.objects.filter(object_type="api_client").order_by("sequence")
    assert [event.action for event in log][1:] == [
        "api_client.issue_signing_secret",
        "api_client.issue_signing_secret",
        "api_client.ask_for_no_signatures",
    ]
    kept = [event.detail for event in log] + list(LogEntry.objects.values_list("change_message"))
    assert "whsec_" not in str(kept)

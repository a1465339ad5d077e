"""API clients and their keys."""

import re
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from assurance.api_clients import issue_key, revoke
from assurance.authentication import client_with_key
from assurance.models import ApiClient
from audit.models import AuditEvent
from tests.assurance.posting import ADMIN, SYNC, Byron, new_client, poster
from tests.factories import AuditTaskFactory, WardFactory

pytestmark = pytest.mark.django_db

KEY = re.compile(r"hub_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")


def test_a_key_is_random_and_not_stored() -> None:
    client, key = new_client()
    assert KEY.fullmatch(key)
    assert key != new_client(name="Another")[1]
    stored = ApiClient.objects.values().get(pk=client.pk)
    assert key[13:] not in str(stored)
    assert client_with_key(key) == client


@pytest.mark.parametrize("wrong", ["", "hub_", "x" * 60, "hub_abcdefgh_" + "x" * 43, "hub_é"])
def test_nobody_has_a_wrong_key(wrong: str) -> None:
    new_client()
    assert client_with_key(wrong) is None


def test_a_good_prefix_with_a_wrong_secret_is_a_wrong_key() -> None:
    key = new_client()[1]
    assert client_with_key(key[:-1] + ("a" if key[-1] != "a" else "b")) is None


def test_a_new_key_replaces_the_old_one() -> None:
    client, old = new_client()
    revoke(client=client, by=ADMIN)
    new = issue_key(client=client, by=ADMIN)
    assert client_with_key(old) is None
    assert client_with_key(new) == client


def test_a_revoked_client_has_no_key() -> None:
    client, key = new_client()
    for _ in range(2):
        revoke(client=client, by=ADMIN)
    assert client_with_key(key) is None
    assert AuditEvent.objects.filter(action="api_client.revoke").count() == 1


def test_names_are_unique() -> None:
    new_client()
    with pytest.raises(IntegrityError), transaction.atomic():
        new_client()


def test_every_action_is_in_the_audit_log_without_the_key() -> None:
    client, key = new_client(WardFactory.create(name="Byron"))
    other = issue_key(client=client, by=ADMIN)
    revoke(client=client, by=ADMIN)
    events = AuditEvent.objects.order_by("sequence")
    assert [event.action for event in events] == [
        "api_client.create",
        "api_client.issue_key",
        "api_client.revoke",
    ]
    assert events[0].detail["wards"] == ["Byron"]
    logged = str(list(events.values()))
    assert key not in logged
    assert other not in logged


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ("", "203.0.113.7", True),
        ("", None, True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", None, False),
        ("192.0.2.1\n2001:db8::/32", "2001:db8::1", True),
    ],
)
def test_networks_decide_who_may_post(networks: str, address: str | None, *, allowed: bool) -> None:
    assert ApiClient(allowed_networks=networks).allows(address) is allowed


@pytest.mark.parametrize("networks", ["10.0.0.1/8", "example.org", "10.0.0.0/33"])
def test_networks_are_checked(networks: str) -> None:
    client = ApiClient(name="x", prefix="x", key_hash="x", allowed_networks=networks)
    with pytest.raises(ValidationError, match="is not a network"):
        client.full_clean()


def create(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("create_api_client", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_the_key_alone(client: Client, byron: Byron) -> None:
    AuditTaskFactory.create(ward=byron.ward)
    out, err = create("--name", "Flow", "--ward", "byron")
    assert KEY.fullmatch(out.removesuffix("\n"))
    assert "Byron" in err
    assert out.strip() not in err
    assert list(ApiClient.objects.get(name="Flow").wards.all()) == [byron.ward]
    assert poster(client, out.strip())().json()["success"] is True


def test_the_command_without_wards_gives_all() -> None:
    create("--name", "Flow")
    assert ApiClient.objects.get().all_wards


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--name", "New", "--ward", "Byron", "--ward", "Keats"], "no ward called “Keats”"),
        (["--name", "Power Automate"], "already exists"),
        (["--name", ""], "cannot be blank"),
    ],
)
def test_the_command_says_what_is_wrong_and_creates_nothing(
    byron: Byron, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        create(*arguments)
    assert ApiClient.objects.count() == 1


def test_the_command_needs_max_plus(settings: Settings) -> None:
    settings.HUB_TIER = "medium"
    with pytest.raises(CommandError, match="Medium tier has no Assurance Dashboard sync"):
        create("--name", "Flow")


def test_keys_never_appear_in_logs(
    client: Client, byron: Byron, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    wrong = "hub_abcdefgh_" + "x" * 43
    poster(client, byron.key)()
    poster(client, byron.key)(completedBy="Nobody Known", auditId="another")
    poster(client, byron.key)(headers={"Authorization": f"Bearer {byron.key}"}, ward=5)
    client.post(SYNC, headers={"X-API-Key": wrong})
    create("--name", "Flow")
    issue_key(client=byron.client, by=ADMIN)
    for secret in (byron.key, wrong, "Nobody Known", "Sarah Johnson"):
        assert secret not in caplog.text
    assert not KEY.search(caplog.text)
    assert "ward_mismatch" in caplog.text

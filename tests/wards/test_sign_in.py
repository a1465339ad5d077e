"""Signing in and out is in the audit log; addresses and passwords are nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from tests.factories import WardFactory, member_of
from wards.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
EMAIL = "sarah@example.nhs.uk"


@pytest.fixture
def sarah() -> User:
    user = member_of(WardFactory.create(), email=EMAIL, name="Sarah Johnson")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, email: str, password: str) -> None:
    client.post(reverse("account_login"), {"login": email, "password": password}, secure=True)


def last_event() -> AuditEvent:
    event = AuditEvent.objects.first()
    assert event
    return event


def test_signing_in_and_out_is_recorded(client: Client, sarah: User) -> None:
    sign_in(client, EMAIL, PASSWORD)
    event = last_event()
    assert (event.action, event.outcome) == ("account.sign_in", "done")
    assert (event.actor_id, event.actor_name) == (str(sarah.pk), "Sarah Johnson")
    assert (event.address, bool(event.request_id)) == ("127.0.0.1", True)
    client.post(reverse("account_logout"), secure=True)
    event = last_event()
    assert (event.action, event.actor_id) == ("account.sign_out", str(sarah.pk))


def test_a_person_may_type_their_address_in_any_case(client: Client, sarah: User) -> None:
    sign_in(client, EMAIL.upper(), PASSWORD)
    assert last_event().actor_id == str(sarah.pk)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.nhs.uk"])
def test_a_failed_sign_in_is_recorded(email: str, client: Client, sarah: User) -> None:
    sign_in(client, email, "a wrong guess")
    event = last_event()
    assert (event.action, event.outcome) == ("account.sign_in", "failed")
    assert (event.actor_id, event.actor_name) == ("", "somebody unknown")
    assert event.address == "127.0.0.1"


def test_a_person_who_left_cannot_sign_in(client: Client, sarah: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client, EMAIL, PASSWORD)
    assert "_auth_user_id" not in client.session
    assert not AuditEvent.objects.filter(action="account.sign_in", outcome="done").exists()


@pytest.mark.parametrize("password", [PASSWORD, "a wrong guess"])
def test_no_address_and_no_password_reaches_the_logs(
    password: str, client: Client, sarah: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sign_in(client, EMAIL, password)
    client.post(reverse("account_logout"), secure=True)
    fields = AuditEvent.objects.values()
    written = f"{caplog.text} {list(fields)}"
    assert "request_finished" in written
    for secret in (EMAIL, PASSWORD, "a wrong guess"):
        assert secret not in written

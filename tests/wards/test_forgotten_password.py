"""A person who forgot their password sets a new one by a link that only they get."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from audit.models import AuditEvent
from tests.factories import UserFactory
from wards.models import User

pytestmark = pytest.mark.django_db

NEW = "a-quiet-night-on-byron"


@pytest.fixture
def nurse() -> User:
    return UserFactory.create(email="sarah.johnson@example.nhs.uk")


def mailed_link(client: Client, nurse: User, mailoutbox: list[EmailMessage]) -> str:
    client.post("/account/password/reset/", {"email": nurse.email})
    found = re.search(r"http://testserver(/account/password/reset/\S+)", str(mailoutbox[0].body))
    assert found
    return found[1]


def test_the_mailed_link_leads_to_a_new_password(
    client: Client, nurse: User, mailoutbox: list[EmailMessage]
) -> None:
    link = mailed_link(client, nurse, mailoutbox)
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    nurse.refresh_from_db()
    assert nurse.check_password(NEW)
    assert AuditEvent.objects.filter(action="account.new_password", actor_id=nurse.pk).exists()


def test_the_link_works_once(client: Client, nurse: User, mailoutbox: list[EmailMessage]) -> None:
    link = mailed_link(client, nurse, mailoutbox)
    address = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    assert "This link has expired" in Client().get(link, follow=True).content.decode()


def test_without_a_new_password_the_page_says_what_to_enter(
    client: Client, nurse: User, mailoutbox: list[EmailMessage]
) -> None:
    link = mailed_link(client, nurse, mailoutbox)
    address = client.get(link, follow=True).redirect_chain[-1][0]
    page = client.post(address).content.decode()
    assert "Enter a new password." in page
    assert "Enter the new password again." in page


def test_a_stranger_learns_nothing_about_who_has_an_account(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    response = client.post("/account/password/reset/", {"email": "nobody@example.nhs.uk"})
    assert response.headers["Location"] == "/account/password/reset/sent/"


def test_the_links_token_does_not_reach_the_logs(
    client: Client,
    nurse: User,
    mailoutbox: list[EmailMessage],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    link = mailed_link(client, nurse, mailoutbox)
    client.get(link, follow=True)
    token = link.rstrip("/").rsplit("-", 1)[1]
    assert "/account/password/reset/" in caplog.text
    assert token not in caplog.text


def test_a_person_without_a_password_gets_one_by_a_mailed_link(
    client: Client, nurse: User, mailoutbox: list[EmailMessage]
) -> None:
    nurse.set_unusable_password()
    nurse.save()
    client.force_login(nurse)
    page = client.get("/account/password/", follow=True)
    assert "Your account has no password yet." in page.content.decode()
    address = client.get(mailed_link(client, nurse, mailoutbox), follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    nurse.refresh_from_db()
    assert nurse.check_password(NEW)


def test_whoever_has_a_password_is_not_told_that_they_have_none(
    client: Client, nurse: User
) -> None:
    nurse.set_password("an-old-quiet-night")
    nurse.save()
    client.force_login(nurse)
    assert "no password yet" not in client.get("/account/password/reset/").content.decode()

"""A form that is sent empty says what to enter, field by field."""

import re

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def problems(page: bytes) -> list[str]:
    """Return what the error summary of the page lists."""
    summary = page.decode().split("nhsuk-error-summary__list")[1].split("</ul>")[0]
    return [text.strip() for text in re.findall(r"<a [^>]*>(.*?)</a>", summary, re.DOTALL)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/account/sign-in/", ["Enter your e-mail address.", "Enter your password."]),
        ("/account/password/reset/", ["Enter the e-mail address of your account."]),
    ],
)
def test_an_empty_form_of_a_stranger(path: str, expected: list[str], client: Client) -> None:
    assert problems(client.post(path).content) == expected


def test_an_empty_change_of_password(client: Client) -> None:
    nurse = UserFactory.create()
    nurse.set_password("a-quiet-night-on-byron")
    nurse.save()
    client.force_login(nurse)
    assert problems(client.post("/account/password/").content) == [
        "Enter your present password.",
        "Enter a new password.",
        "Enter the new password again.",
    ]

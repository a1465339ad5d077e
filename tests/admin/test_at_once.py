"""Admins who send the same at the same moment: real threads, one wins, the others are told."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from assurance.api_clients import create_client
from assurance.models import ApiClient
from audit.models import AuditEvent
from tests.admin.conftest import SignIn
from tests.admin.pages import address, errors_on, filled_form
from tests.admin.test_api_clients import KEY, is_accepted
from tests.factories import UserFactory, WardFactory, member_of, senior_admin
from tests.threads import at_once
from wards.actors import person
from wards.models import Membership, Role, User, Ward

pytestmark = pytest.mark.django_db(transaction=True)

ADMINS = 4


def save_at_once(clients: list[Client], path: str, data: dict[str, Any]) -> list[str]:
    """Send the same form from all of `clients`; one must win; return what the others read."""
    answers = at_once(*(partial(client.post, path, data) for client in clients))
    pages = [answer for answer in answers if getattr(answer, "status_code", None) == 200]
    assert len(pages) == len(clients) - 1, answers
    return [error for page in pages for error in errors_on(page)]


def test_one_membership_is_given_once(sign_in: SignIn) -> None:
    ward = WardFactory.create()
    grace = UserFactory.create()
    admins = [sign_in(member_of(ward, role=Role.WARD_ADMIN)) for _ in range(ADMINS)]
    data = {"user": grace.email, "ward": ward.pk, "role": "normal_user"}
    errors = save_at_once(
        admins, address(Membership, "add"), data | {"expires_at_0": "", "expires_at_1": ""}
    )
    assert errors == ["This person has this role on this ward already."] * (ADMINS - 1)
    assert Membership.objects.filter(user=grace).count() == 1
    assert AuditEvent.objects.filter(action="membership.create").count() == 1


def test_one_person_is_added_once(sign_in: SignIn) -> None:
    admins = [sign_in(senior_admin()) for _ in range(ADMINS)]
    data = {"name": "Grace Okafor", "email": "grace@example.nhs.uk", "usable_password": "false"}
    formset = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    errors = save_at_once(admins, address(User, "add"), data | formset)
    assert len(errors) >= ADMINS - 1
    assert User.objects.filter(email="grace@example.nhs.uk").count() == 1


def test_a_page_sent_twice_at_once_shows_one_key_and_it_works(sign_in: SignIn) -> None:
    senior = senior_admin()
    flow, _ = create_client(name="Power Automate", wards=None, by=person(senior))
    clicks = [
        partial(
            sign_in(senior).post, address(ApiClient, "issue-key", flow), {"prefix": flow.prefix}
        )
        for _ in range(ADMINS)
    ]
    pages = [getattr(answer, "content", b"").decode() for answer in at_once(*clicks)]
    keys = [key for page in pages for key in KEY.findall(page)]
    assert len(keys) == 1
    assert is_accepted(keys[0])
    assert AuditEvent.objects.filter(action="api_client.issue_key").count() == 1


def test_one_ward_is_opened_once(sign_in: SignIn) -> None:
    admins = [sign_in(senior_admin()) for _ in range(ADMINS)]
    data = {**filled_form(admins[0], address(Ward, "add")), "name": "Keats"}
    errors = save_at_once(admins, address(Ward, "add"), data)
    assert errors == ["A ward of this name exists already."] * (ADMINS - 1)
    assert Ward.objects.count() == 1

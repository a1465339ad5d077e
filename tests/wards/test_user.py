"""People and how they are named."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from tests.factories import UserFactory
from wards.access import highest_role
from wards.models import Role, User

pytestmark = pytest.mark.django_db


def test_an_email_address_is_unique_in_any_case() -> None:
    UserFactory.create(email="sarah@example.nhs.uk")
    with pytest.raises(IntegrityError):
        UserFactory.create(email="Sarah@Example.NHS.uk")


def test_an_email_address_is_unique_in_any_case_for_bulk_changes_too() -> None:
    UserFactory.create(email="sarah@example.nhs.uk")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(name="Sarah", email="SARAH@example.nhs.uk")])


def test_the_form_that_repeats_an_email_address_is_told_so() -> None:
    UserFactory.create(email="sarah@example.nhs.uk")
    with pytest.raises(ValidationError, match="Somebody has this e-mail address already"):
        User(name="Sarah", email="SARAH@example.nhs.uk", password="!").full_clean()


def test_an_email_address_is_kept_in_small_letters() -> None:
    assert UserFactory.create(email="Sarah@Example.NHS.uk").email == "sarah@example.nhs.uk"


def test_a_person_is_found_by_their_email_address_in_any_case() -> None:
    user = UserFactory.create(email="sarah@example.nhs.uk")
    assert User.objects.get_by_natural_key("Sarah@Example.nhs.uk") == user


def test_a_staff_id_is_unique_unless_empty() -> None:
    UserFactory.create(staff_id="")
    UserFactory.create(staff_id="")
    UserFactory.create(staff_id="NHS1")
    with pytest.raises(IntegrityError):
        UserFactory.create(staff_id="NHS1")


def test_a_person_without_a_password_cannot_sign_in_with_one() -> None:
    user = User.objects.create_user("sarah@example.nhs.uk", name="Sarah")
    assert not user.has_usable_password()


def test_the_command_that_creates_a_superuser_makes_a_senior_admin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    call_command("createsuperuser", email="Boss@example.nhs.uk", name="The Boss", interactive=False)
    user = User.objects.get()
    assert (user.email, user.name) == ("boss@example.nhs.uk", "The Boss")
    assert user.check_password("correct horse battery")
    assert highest_role(user) is Role.SENIOR_ADMIN

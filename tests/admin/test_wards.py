"""A ward's capacity and shift times are its admin's; its name and its being are the trust's."""

import pytest
from django.test import Client

from audit.models import AuditEvent
from tests.admin.pages import address, errors_on, filled_form, submit
from wards.models import User, Ward

pytestmark = pytest.mark.django_db


def test_capacity_and_shift_times_are_changed_and_in_the_audit_log(
    byron: Ward, amina: User, ward_admin: Client
) -> None:
    path = address(Ward, "change", byron)
    assert submit(ward_admin, path, capacity="16", early_end="15:00").status_code == 302
    byron.refresh_from_db()
    assert (byron.capacity, byron.early_end.hour) == (16, 15)
    event = AuditEvent.objects.get(source="admin")
    assert (event.action, event.ward, event.actor_name) == ("ward.change", "Byron", amina.name)
    assert event.detail["changes"] == [{"changed": {"fields": ["Capacity", "Early shift ends"]}}]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("early_end", "13:00", "The shifts must follow each other and leave no gap"),
        ("capacity", "0", "Ensure this value is greater than or equal to 1."),
        ("capacity", "many", "Enter a whole number."),
        ("night_end", "25:00", "Enter a valid time."),
    ],
)
def test_what_cannot_be_is_an_error_on_the_form(
    field: str, value: str, message: str, byron: Ward, ward_admin: Client
) -> None:
    response = submit(ward_admin, address(Ward, "change", byron), **{field: value})
    assert message in errors_on(response)[0]
    assert not AuditEvent.objects.filter(source="admin").exists()


def test_the_name_is_for_senior_admins(byron: Ward, ward_admin: Client, senior: Client) -> None:
    path = address(Ward, "change", byron)
    ward_admin.post(path, filled_form(ward_admin, path) | {"name": "Mine"})
    byron.refresh_from_db()
    assert byron.name == "Byron"
    assert submit(senior, path, name="Byron North").status_code == 302


def test_a_name_that_is_taken_is_an_error_on_the_form(byron: Ward, senior: Client) -> None:
    response = submit(senior, address(Ward, "add"), name="BYRON")
    assert errors_on(response) == ["A ward of this name exists already."]


def test_a_ward_is_never_deleted(byron: Ward, senior: Client) -> None:
    assert senior.post(address(Ward, "delete", byron), {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": byron.pk, "post": "yes"}
    senior.post(address(Ward), bulk)
    assert Ward.objects.filter(pk=byron.pk).exists()


@pytest.mark.parametrize(
    ("page", "first", "second"),
    [
        ("discharge-checklist", {"8-name": "Keys returned"}, {"8-name": "Phone returned"}),
        ("patient-fields", {"sex": "hidden"}, {"consultant": "hidden"}),
        ("task-categories", {"referral-is_offered": ""}, {"other-is_offered": ""}),
        ("legal-work", {"between_explanations": "14"}, {"between_explanations": "21"}),
    ],
)
def test_of_two_who_change_a_table_the_second_is_told_and_changes_nothing(
    byron: Ward, ward_admin: Client, page: str, first: dict[str, str], second: dict[str, str]
) -> None:
    path = address(Ward, page, byron)
    opened = filled_form(ward_admin, path)
    assert ward_admin.post(path, opened | first).status_code == 302
    changed = filled_form(ward_admin, path)["shown"]
    assert changed != opened["shown"]
    answer = ward_admin.post(path, opened | second)
    assert "Somebody has changed this page meanwhile" in " ".join(errors_on(answer))
    assert filled_form(ward_admin, path)["shown"] == changed

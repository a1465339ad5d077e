"""Fields about a patient that a ward hides, offers or must have, and what the pages make of it."""

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from tests.admin.conftest import SignIn
from tests.admin.pages import address, errors_on, submit
from tests.factories import PatientFactory, member_of
from wards import admissions
from wards.actors import person
from wards.field_rules import MISSING, RULED_FIELDS
from wards.models import FieldRule, Sex, Stay, User, Ward

pytestmark = pytest.mark.django_db

SHORT, LONG = "/wards/byron/admit/", "/wards/byron/admit/in-full/"
TYPED = {
    "first_name": "Beatrice",
    "surname": "Quill",
    "date_of_birth_0": "29",
    "date_of_birth_1": "2",
    "date_of_birth_2": "1988",
    "legal_status": "informal",
}
FIELDS = sorted(RULED_FIELDS)


@pytest.fixture
def page(byron: Ward) -> str:
    return address(Ward, "patient-fields", byron)


@pytest.fixture
def sarah(byron: Ward) -> User:
    return member_of(byron, name="Sarah Johnson")


@pytest.fixture
def nurse(sarah: User, sign_in: SignIn) -> Client:
    return sign_in(sarah)


@pytest.fixture
def stay(byron: Ward, sarah: User) -> Stay:
    patient = PatientFactory.create(sex=Sex.FEMALE)
    known: dict[str, Any] = {"consultant": "Dr Hale", "named_nurse": sarah}
    return admissions.admit(patient=patient, ward=byron, by=person(sarah), **known)


def let(ward: Ward, rule: str, *fields: str) -> None:
    ward.field_rules = dict.fromkeys(fields, rule)
    ward.save()


def named(field: str) -> str:
    return f'name="{field}_0"' if field == "expected_discharge_on" else f'name="{field}"'


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_all_fields_stand_in_one_table_and_are_optional_at_first(
    page: str, byron: Ward, ward_admin: Client
) -> None:
    shown = text(ward_admin, page)
    assert shown.count('value="optional"') == shown.count(" checked") == len(RULED_FIELDS)
    answer = submit(ward_admin, page, consultant="hidden", sex="mandatory")
    assert answer.status_code == 302
    byron.refresh_from_db()
    assert byron.field_rules == {"consultant": "hidden", "sex": "mandatory"}
    event = AuditEvent.objects.get(action="ward.change")
    assert "Consultant: hidden" in str(event.detail)


def test_what_is_no_rule_is_refused(page: str, byron: Ward, ward_admin: Client) -> None:
    assert "Select a valid choice" in " ".join(errors_on(submit(ward_admin, page, sex="gone")))
    byron.refresh_from_db()
    assert byron.field_rules == {}


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_hidden_is_on_no_form_and_is_not_taken(
    field: str, byron: Ward, nurse: Client, stay: Stay
) -> None:
    edit = f"/patients/{stay.patient_id}/edit/"
    assert all(named(field) in text(nurse, path) for path in (LONG, edit))
    let(byron, FieldRule.HIDDEN, field)
    assert not any(named(field) in text(nurse, path) for path in (SHORT, LONG, edit))
    sent = nurse.post(LONG, TYPED | {"sex": "F", "consultant": "Dr Hale"})
    assert sent.status_code == 302
    admitted = Stay.objects.exclude(pk=stay.pk).get()
    assert admitted.consultant == ("" if field == "consultant" else "Dr Hale")
    assert admitted.patient.sex == ("U" if field == "sex" else "F")


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_mandatory_is_asked_for_on_every_form(
    field: str, byron: Ward, nurse: Client, stay: Stay
) -> None:
    let(byron, FieldRule.MANDATORY, field)
    for path in (SHORT, LONG):
        assert named(field) in text(nurse, path)
        answer = nurse.post(path, TYPED | ({} if field == "sex" else {"sex": "F"}))
        assert answer.status_code == 422
        assert MISSING[field] in answer.content.decode()
    edit = f"/patients/{stay.patient_id}/edit/"
    answer = nurse.post(edit, TYPED | {"version": stay.version, "sex": "U"} | {field: ""})
    assert answer.status_code == 422
    assert MISSING[field] in answer.content.decode()
    assert Stay.objects.count() == 1


def test_a_sex_that_is_not_known_does_not_answer_a_mandatory_sex(
    byron: Ward, nurse: Client
) -> None:
    let(byron, FieldRule.MANDATORY, "sex")
    assert nurse.post(SHORT, TYPED | {"sex": "U"}).status_code == 422
    assert nurse.post(SHORT, TYPED | {"sex": "M"}).status_code == 302


def test_what_is_hidden_is_kept_and_not_on_the_patient_s_page(
    byron: Ward, nurse: Client, stay: Stay
) -> None:
    path = f"/patients/{stay.patient_id}/"
    words = ("Dr Hale", "Named nurse", "Female", "Expected discharge")
    assert all(word in text(nurse, path) for word in words)
    let(byron, FieldRule.HIDDEN, *FIELDS)
    assert not any(word in text(nurse, path) for word in words)
    sent = {**TYPED, "surname": "Quillfeather", "version": stay.version}
    assert nurse.post(f"{path}edit/", sent).status_code == 302
    stay.refresh_from_db()
    assert (stay.patient.surname, stay.patient.sex) == ("Quillfeather", Sex.FEMALE)
    assert (stay.consultant, stay.named_nurse) == ("Dr Hale", stay.named_nurse)


def test_the_rules_of_one_ward_are_not_another_s(
    byron: Ward, shelley: Ward, sign_in: SignIn
) -> None:
    let(byron, FieldRule.MANDATORY, "consultant")
    client = sign_in(member_of(shelley))
    assert client.post("/wards/shelley/admit/", TYPED | {"sex": "U"}).status_code == 302

"""Stays in the admin: looked at, exported, and every look written down."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import AuditEvent
from tests.admin.pages import address
from tests.factories import PatientFactory, beds_on, member_of
from wards import admissions, spreadsheets
from wards.actors import person
from wards.import_rows import COLUMNS
from wards.models import Stay, User, Ward

pytestmark = pytest.mark.django_db

EXPORT = address(Stay, "export")


@pytest.fixture
def stay(byron: Ward, amina: User) -> Stay:
    patient = PatientFactory.create(surname="Quill", nhs_number="9434765919")
    (bed,) = beds_on(byron, 1)
    return admissions.admit(
        patient=patient, ward=byron, bed=bed, consultant="=HYPERLINK(1)", by=person(amina)
    )


@pytest.fixture
def elsewhere(shelley: Ward) -> Stay:
    patient = PatientFactory.create(surname="Vane")
    return admissions.admit(patient=patient, ward=shelley, by=person(member_of(shelley)))


def exported(client: Client, **choices: Any) -> list[list[str]]:
    answer = client.post(EXPORT, {"what": "patients", "kind": "csv", "ward": ""} | choices)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "uill" not in answer["Content-Disposition"]
    return spreadsheets.read(answer.content)


def events(action: str) -> list[Any]:
    return [event.detail for event in AuditEvent.objects.filter(action=action)]


def test_every_list_and_page_is_a_read_in_the_audit_log(
    stay: Stay, elsewhere: Stay, ward_admin: Client
) -> None:
    ward_admin.get(address(Stay))
    assert events("stays.view") == [{"patients": [stay.patient_id]}]
    for page in ("change", "history"):
        before = AuditEvent.objects.filter(action="patient.view").count()
        assert ward_admin.get(address(Stay, page, stay)).status_code == 200
        view = AuditEvent.objects.filter(action="patient.view").first()
        assert view
        assert (view.object_id, view.ward) == (str(stay.patient_id), "Byron")
        assert AuditEvent.objects.filter(action="patient.view").count() == before + 1
    ward_admin.get(address(Stay, "change", elsewhere))
    assert not AuditEvent.objects.filter(
        action="patient.view", object_id=str(elsewhere.patient_id)
    ).exists()


def test_a_page_leaves_out_what_the_ward_hides(byron: Ward, stay: Stay, ward_admin: Client) -> None:
    assert "Consultant" in ward_admin.get(address(Stay, "change", stay)).content.decode()
    byron.field_rules = {"consultant": "hidden"}
    byron.save()
    page = ward_admin.get(address(Stay, "change", stay)).content.decode()
    assert "QUILL" in page
    assert "Consultant" not in page
    assert "HYPERLINK" not in str(exported(ward_admin))


@pytest.mark.parametrize("what", ["patients", "stays"])
def test_an_export_ends_at_the_person_s_wards(
    what: str, stay: Stay, elsewhere: Stay, ward_admin: Client, senior: Client
) -> None:
    assert [row[2] for row in exported(ward_admin, what=what)] == ["Surname", "Quill"]
    event = AuditEvent.objects.get(action=f"{what}.export")
    assert event.detail == {"count": 1, "patients": [stay.patient_id]}
    everybody = exported(senior, what=what)
    assert [row[2] for row in everybody[1:]] == ["Quill", "Vane"]


def test_another_ward_cannot_be_chosen(shelley: Ward, stay: Stay, ward_admin: Client) -> None:
    answer = ward_admin.post(EXPORT, {"what": "stays", "kind": "csv", "ward": shelley.pk})
    assert "Select a valid choice" in answer.content.decode()
    assert "Shelley" not in answer.content.decode()


def test_stays_that_have_ended_are_among_the_stays_only(stay: Stay, ward_admin: Client) -> None:
    Stay.objects.update(status="discharged", discharged_at=stay.admitted_at)
    assert exported(ward_admin) == [list(COLUMNS.values())]
    assert exported(ward_admin, what="stays")[1][-3] == "Discharged"


def test_what_was_exported_is_imported_without_a_change(stay: Stay, ward_admin: Client) -> None:
    for kind in ("csv", "xlsx"):
        answer = ward_admin.post(EXPORT, {"what": "patients", "kind": kind, "ward": ""})
        file = SimpleUploadedFile("patients", answer.content)
        page = ward_admin.post(address(Stay, "import"), {"file": file}).content.decode()
        assert "Already on Byron." in page


def test_a_cell_that_begins_like_a_formula_goes_out_as_text(stay: Stay, ward_admin: Client) -> None:
    answer = ward_admin.post(EXPORT, {"what": "patients", "kind": "csv", "ward": ""})
    assert "'=HYPERLINK(1)" in answer.content.decode()


def test_no_name_of_a_patient_is_in_django_s_log_or_an_address(
    stay: Stay, ward_admin: Client
) -> None:
    page = ward_admin.get(address(Stay)).content.decode()
    assert "QUILL" in page
    assert 'id="searchbar"' not in page
    assert str(stay) == f"stay {stay.pk}"
    assert not LogEntry.objects.exists()

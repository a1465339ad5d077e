"""Importing patients: each row's fate is shown first, then all are admitted or none."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from audit.events import record
from audit.models import AuditEvent
from tests.admin.conftest import SignIn
from tests.admin.pages import address
from tests.factories import BedFactory, PatientFactory, member_of
from tests.threads import at_once
from wards import admissions, imports, spreadsheets
from wards.actors import Source, person
from wards.import_check import check
from wards.import_rows import COLUMNS, rows_of
from wards.models import Alert, Bed, Patient, Role, Stay, StayEvent, User, Ward

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)
NHS_NUMBER, OTHER_NUMBER = "943 476 5919", "9434765870"
QUILL = {
    "Ward": "Byron",
    "Surname": "Quill",
    "First name": "Beatrice",
    "Date of birth": "29/02/1988",
    "NHS number": NHS_NUMBER,
    "Legal status": "Informal",
}
IMPORT = address(Stay, "import")


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def bed(byron: Ward) -> Bed:
    return BedFactory.create(room__ward=byron, room__name="Room 3", name="4")


def file_of(*rows: dict[str, str], kind: str = "csv") -> SimpleUploadedFile:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    table = [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    write = {"csv": spreadsheets.write_csv, "xlsx": spreadsheets.write_xlsx}[kind]
    return SimpleUploadedFile(f"patients.{kind}", write(table))


def upload(client: Client, *rows: dict[str, str]) -> Any:
    return client.post(IMPORT, {"file": file_of(*rows)})


def fates(page: Any) -> list[str]:
    """Return the result and the sentence of each row that the page shows."""
    table = page.content.decode().partition('class="hub-scrolls"')[2]
    cells = re.findall(r"<td>(.*?)</td>", table, re.DOTALL)
    texts = [re.sub(r"</?strong>", "", cell) for cell in cells]
    return [f"{result}: {why}" for _, result, why in zip(*[iter(texts)] * 3, strict=True)]


def confirm(client: Client, page: Any) -> Any:
    return client.post(IMPORT, {"rows": page.context["rows"]}, follow=True)


def admit(ward: Ward, **fields: Any) -> Stay:
    known = {"surname": "Quill", "first_name": "Beatrice", "date_of_birth": date(1988, 2, 29)}
    patient = PatientFactory.create(**known | fields)
    return admissions.admit(patient=patient, ward=ward, by=person(member_of(ward)))


class TestFromTheFileToTheWard:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_a_whole_row_is_admitted(
        self, kind: str, byron: Ward, bed: Bed, amina: User, ward_admin: Client
    ) -> None:
        Alert.objects.get_or_create(name="Risk of falls")
        row = {
            **QUILL,
            "Bed": "room 3, bed 4",
            "Preferred name": "Bea",
            "Sex": "female",
            "Alerts": "Risk of falls",
            "Legal status": "Section 3",
            "Section began on": "2026-01-02",
            "Named nurse": "amina",
            "Consultant": "Dr Hale",
            "Admitted on": "3/1/2026",
            "Expected discharge": "31/03/2026",
        }
        page = ward_admin.post(IMPORT, {"file": file_of(row, kind=kind)})
        assert fates(page) == ["Would be admitted: To Byron, Room 3, bed 4."]
        assert 'class="button default">Admit 1 patient<' in page.content.decode()
        assert not Patient.objects.exists()

        answer = confirm(ward_admin, page)

        assert "1 patient is admitted." in answer.content.decode()
        stay = Stay.objects.get()
        assert (stay.patient.name, stay.patient.sex) == ("QUILL, Beatrice (Bea)", "F")
        assert stay.patient.nhs_number == "9434765919"
        assert [alert.name for alert in stay.patient.alerts.all()] == ["Risk of falls"]
        assert (stay.bed, stay.legal_status, stay.named_nurse) == (bed, "3", amina)
        assert stay.legal_status_since == date(2026, 1, 2)
        assert stay.admitted_at.date() == date(2026, 1, 3)
        assert (stay.consultant, stay.expected_discharge_on) == ("Dr Hale", date(2026, 3, 31))
        event = StayEvent.objects.get()
        assert (event.action, event.source, event.at) == ("admit", "admin", NOON)

    def test_the_audit_log_has_counts_and_ids_and_no_names(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        page = upload(ward_admin, QUILL, {**QUILL, "NHS number": "9434765918"})
        confirm(ward_admin, page)
        checked = AuditEvent.objects.get(action="patients.check_import")
        assert checked.detail == {"admit": 1, "refused": 1, "patients": []}
        event = AuditEvent.objects.get(action="patients.import")
        patient = Patient.objects.get()
        assert event.detail == {
            "admit": 1,
            "refused": 1,
            "patients": [patient.pk],
            "wards": ["Byron"],
        }
        assert AuditEvent.objects.filter(action="stay.admit").count() == 1
        assert not any("uill" in str(event.detail) for event in AuditEvent.objects.all())

    def test_the_audit_log_has_whom_a_check_told_of(
        self, byron: Ward, shelley: Ward, ward_admin: Client
    ) -> None:
        known = [
            admit(shelley, nhs_number="9434765919", surname="Vane").patient_id,
            admit(shelley, nhs_number="9434765870").patient_id,
            admit(byron).patient_id,
        ]
        rows = [QUILL, QUILL | {"NHS number": OTHER_NUMBER}, QUILL | {"NHS number": ""}]
        upload(ward_admin, *rows, QUILL | {"Surname": "Hart", "NHS number": ""})
        checked = AuditEvent.objects.get(action="patients.check_import")
        assert checked.detail == {"admit": 1, "nothing": 1, "refused": 2, "patients": known}

    def test_the_same_file_again_changes_nothing(self, byron: Ward, ward_admin: Client) -> None:
        nameless = {**QUILL, "NHS number": "", "Surname": "Vane"}
        confirm(ward_admin, upload(ward_admin, QUILL, nameless))
        page = upload(ward_admin, QUILL, nameless)
        assert fates(page) == ["Nothing to do: Already on Byron."] * 2
        assert 'class="button default"' not in page.content.decode()
        assert Stay.objects.count() == 2

    def test_who_was_discharged_comes_back_as_the_same_patient(
        self, byron: Ward, shelley: Ward, ward_admin: Client
    ) -> None:
        former = admit(shelley, nhs_number="9434765919")
        Stay.objects.update(status="discharged", discharged_at=NOON)
        page = upload(ward_admin, QUILL)
        assert "The Hub knows the patient: their details are kept." in fates(page)[0]
        confirm(ward_admin, page)
        assert Stay.objects.exclude(pk=former.pk).get().patient == former.patient


REFUSED = [
    ({"NHS number": "9434765918"}, "NHS number: This is not an NHS number"),
    ({"Date of birth": "1/1/2030"}, "The date of birth is in the future"),
    ({"Date of birth": "31.12.80"}, "Date of birth: write it as 31/12/1980"),
    ({"Date of birth": ""}, "Date of birth: it is missing"),
    ({"Surname": ""}, "Surname: Type the surname."),
    ({"Surname": "Bron\ntë"}, "Surname: This has a character that cannot be seen"),
    ({"Consultant": "Dr\nHale"}, "Consultant: This has a character that cannot be seen"),
    ({"Legal status": ""}, "Legal status: it is missing"),
    ({"Legal status": "Section 99"}, "Section 99 is not one of the available choices"),
    ({"Legal status": "Section 2"}, "Say since when this holds: Section 2."),
    ({"Ward": "Nowhere"}, "You run no ward called “Nowhere”."),
    ({"Ward": "Shelley"}, "You run no ward called “Shelley”."),
    ({"Bed": "Room 9, bed 9"}, "Byron has no bed “Room 9, bed 9” in use"),
    ({"Alerts": "Dragons"}, "Alerts: the trust&#x27;s list has no “Dragons”"),
    ({"Named nurse": "Nobody Atall"}, "nobody on Byron is called “Nobody Atall”"),
    ({"Sex": "often"}, "often is not one of the available choices"),
    ({"Admitted on": "28/01/2026"}, "This date is in the future"),
    ({"Admitted on": "28/02/1988"}, "Admitted on: this is before the date of birth: check both."),
    ({"Admitted on": "0001-01-01"}, "Admitted on: this is before the date of birth: check both."),
    ({"Expected discharge": "01/01/2026"}, "The expected discharge is before the admission"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSED, ids=[text for _, text in REFUSED])
def test_a_row_that_cannot_be_is_refused_with_the_reason(
    changes: dict[str, str], sentence: str, byron: Ward, shelley: Ward, ward_admin: Client
) -> None:
    (fate,) = fates(upload(ward_admin, QUILL | changes))
    assert fate.startswith("Refused: ")
    assert sentence in fate


class TestRowsAgainstTheWard:
    def test_a_bed_is_taken_once(self, byron: Ward, bed: Bed, ward_admin: Client) -> None:
        rows = [
            {**QUILL, "Bed": str(bed)},
            {**QUILL, "Bed": str(bed), "NHS number": OTHER_NUMBER, "Surname": "Vane"},
        ]
        page = upload(ward_admin, *rows)
        assert fates(page)[1] == "Refused: Line 2 takes Room 3, bed 4."
        confirm(ward_admin, page)
        page = upload(ward_admin, rows[1])
        assert fates(page) == ["Refused: Somebody is in Room 3, bed 4."]

    def test_a_ward_takes_its_capacity(self, byron: Ward, ward_admin: Client) -> None:
        Ward.objects.update(capacity=1)
        page = upload(ward_admin, QUILL, {**QUILL, "NHS number": "", "Surname": "Vane"})
        assert fates(page)[1] == "Refused: Byron is full: its capacity is 1."

    def test_a_patient_stands_in_the_file_once(self, byron: Ward, ward_admin: Client) -> None:
        page = upload(ward_admin, QUILL, {**QUILL, "Surname": "Vane"})
        assert fates(page)[1] == "Refused: Line 2 has this patient already."

    def test_nobody_is_merged_silently(self, byron: Ward, ward_admin: Client) -> None:
        admit(byron, nhs_number="9434765919", surname="Vane")
        assert "another name or date of birth" in fates(upload(ward_admin, QUILL))[0]
        admit(byron)
        other = {**QUILL, "NHS number": OTHER_NUMBER}
        assert "is on Byron without an NHS number" in fates(upload(ward_admin, other))[0]

    @pytest.mark.parametrize(
        ("numbers", "sentence"),
        [
            (("9434765870", "P1"), "The Hub has another NHS number for this patient: check it."),
            (("9434765919", "P2"), "The Hub has another pseudo-number for this patient: check it."),
        ],
    )
    def test_a_number_that_contradicts_is_refused(
        self, numbers: tuple[str, str], sentence: str, byron: Ward, ward_admin: Client
    ) -> None:
        admit(byron, nhs_number=numbers[0], pseudo_number=numbers[1])
        row = QUILL | {"Pseudo-number": "P1"}
        assert fates(upload(ward_admin, row)) == [f"Refused: {sentence}"]

    def test_numbers_of_two_patients_are_refused(self, byron: Ward, ward_admin: Client) -> None:
        admit(byron, nhs_number="9434765919")
        admit(byron, pseudo_number="P1")
        (fate,) = fates(upload(ward_admin, QUILL | {"Pseudo-number": "P1"}))
        assert fate == (
            "Refused: The NHS number and the pseudo-number are of two patients: check both."
        )

    def test_a_number_that_the_hub_lacks_is_no_contradiction(
        self, byron: Ward, ward_admin: Client
    ) -> None:
        admit(byron, nhs_number="9434765919")
        (fate,) = fates(upload(ward_admin, QUILL | {"Pseudo-number": "P1"}))
        assert fate == "Nothing to do: Already on Byron."

    @pytest.mark.parametrize(
        ("day", "admitted"),
        [
            ("24/01/2026", None),
            ("25/01/2026", datetime(2026, 1, 25, 15, tzinfo=UTC)),
            ("26/01/2026", datetime(2026, 1, 26, 12, tzinfo=UTC)),
        ],
    )
    def test_nobody_comes_back_before_they_were_discharged(
        self, day: str, admitted: datetime | None, byron: Ward, ward_admin: Client
    ) -> None:
        former = admit(byron, nhs_number="9434765919")
        ended = {"status": "discharged", "discharged_at": datetime(2026, 1, 25, 15, tzinfo=UTC)}
        began = datetime(2026, 1, 22, 9, tzinfo=UTC)
        Stay.objects.update(admitted_at=began, **ended)
        page = upload(ward_admin, QUILL | {"Admitted on": day})
        if admitted is None:
            assert "a stay of this patient until 25/01/2026" in fates(page)[0]
            return
        confirm(ward_admin, page)
        assert Stay.objects.exclude(pk=former.pk).get().admitted_at == admitted

    def test_who_is_on_another_ward_is_transferred_there(
        self, byron: Ward, shelley: Ward, ward_admin: Client, senior: Client
    ) -> None:
        admit(shelley, nhs_number="9434765919")
        (fate,) = fates(upload(ward_admin, QUILL))
        assert fate == "Refused: The patient is on another ward: ask for a transfer."
        (fate,) = fates(upload(senior, QUILL))
        assert fate == "Refused: The patient is on Shelley: transfer them on their page."

    def test_the_ward_s_rules_for_fields_hold(self, byron: Ward, ward_admin: Client) -> None:
        byron.field_rules = {"consultant": "mandatory", "preferred_name": "hidden"}
        byron.save()
        assert "Consultant: Type the consultant." in fates(upload(ward_admin, QUILL))[0]
        both = {**QUILL, "Consultant": "Dr Hale", "Preferred name": "Bea"}
        assert "Byron does not use “Preferred name”" in fates(upload(ward_admin, both))[0]


class TestAllOrNone:
    def test_what_changed_since_the_check_stops_all_of_it(
        self, byron: Ward, bed: Bed, ward_admin: Client
    ) -> None:
        vane = {**QUILL, "NHS number": OTHER_NUMBER, "Surname": "Vane"}
        page = upload(ward_admin, vane, {**QUILL, "Bed": str(bed)})
        stay = admit(byron, surname="Hart", nhs_number="")
        Stay.objects.filter(pk=stay.pk).update(bed=bed)
        answer = confirm(ward_admin, page)
        assert "Nothing was imported, for the wards have changed" in answer.content.decode()
        assert fates(answer)[1] == "Refused: Somebody is in Room 3, bed 4."
        assert Stay.objects.get() == stay
        assert not AuditEvent.objects.filter(action="patients.import").exists()

    def test_a_second_press_admits_nobody_twice(self, byron: Ward, ward_admin: Client) -> None:
        page = upload(ward_admin, QUILL)
        confirm(ward_admin, page)
        answer = confirm(ward_admin, page)
        assert fates(answer) == ["Nothing to do: Already on Byron."]
        assert "These patients are admitted already" in answer.content.decode()
        assert "the wards have changed" not in answer.content.decode()
        assert Stay.objects.count() == 1

    def test_a_check_holds_for_an_hour_and_for_who_made_it(
        self, byron: Ward, ward_admin: Client, sign_in: SignIn
    ) -> None:
        page = upload(ward_admin, QUILL)
        other = sign_in(member_of(byron, role=Role.WARD_ADMIN))
        assert "choose the file again" in confirm(other, page).content.decode()
        with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
            assert "choose the file again" in confirm(ward_admin, page).content.decode()
        altered = ward_admin.post(IMPORT, {"rows": page.context["rows"] + "x"}, follow=True)
        assert "choose the file again" in altered.content.decode()
        assert not Stay.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_admits(byron: Ward, amina: User, samir: User) -> None:
    rows = rows_of([list(QUILL), list(QUILL.values())])
    shown = {user: check(rows, user=user) for user in (amina, samir)}

    def confirmed_by(user: User) -> list[Stay]:
        by = person(user, Source.ADMIN)
        return imports.import_patients(rows, shown=shown[user], by=by, user=user)

    answers = at_once(partial(confirmed_by, amina), partial(confirmed_by, samir))

    refused = [answer for answer in answers if isinstance(answer, imports.FatesChanged)]
    assert len(refused) == 1, answers
    assert Stay.objects.count() == 1
    assert AuditEvent.objects.filter(action="patients.import").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_and_a_slow_admission_do_not_wait_for_each_other_in_a_circle(
    byron: Ward, amina: User, samir: User
) -> None:
    """Each would have what the other waits for, if the log were written before the last stay."""
    numbers = [{"NHS number": "", "Pseudo-number": f"P{number}"} for number in range(3)]
    rows = [[*(QUILL | number).values()] for number in numbers]
    file = rows_of([[*(QUILL | numbers[0])], *rows])
    shown = check(file, user=amina)

    is_admitting = Event()

    def import_all() -> int:
        assert is_admitting.wait(10)
        return len(imports.import_patients(file, shown=shown, by=person(amina), user=amina))

    def admit_the_last() -> int:
        with transaction.atomic():
            PatientFactory.create(pseudo_number="P2")
            is_admitting.set()
            sleep(1)  # the import comes to the same number meanwhile
            record(by=person(samir), action="stay.admit")
        return 1

    imported, admitted = at_once(import_all, admit_the_last)
    assert (type(imported), admitted) == (imports.FatesChanged, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Ward,Surname\nByron,Quill", "missing: First name, Date of birth, Legal status."),
        (b"PK\x03\x04", "no Excel file that can be read"),
        (b",".join(column.encode() for column in COLUMNS.values()), "no patients below them"),
    ],
)
def test_a_wrong_file_gets_a_clear_error(
    content: bytes, sentence: str, byron: Ward, ward_admin: Client
) -> None:
    answer = ward_admin.post(IMPORT, {"file": SimpleUploadedFile("patients.csv", content)})
    assert sentence in answer.content.decode()
    assert 'href="/admin/wards/stay/import/template/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("Consultent", "There is no column “Consultent”: take it out, or see the template."),
        ("Ward", "Two columns have the same heading: take one out."),
    ],
)
def test_a_column_that_is_unknown_or_twice_is_not_left_out_silently(
    heading: str, sentence: str, byron: Ward, ward_admin: Client
) -> None:
    table = [[*QUILL, heading], [*QUILL.values(), "x"]]
    file = SimpleUploadedFile("patients.csv", spreadsheets.write_csv(table))
    page = ward_admin.post(IMPORT, {"file": file}).content.decode()
    assert sentence in page


@pytest.mark.parametrize("size", [0, 1024 * 1024 + 1, 3 * 1024 * 1024])
def test_a_file_that_is_missing_or_too_large_is_asked_for_again(
    size: int, byron: Ward, ward_admin: Client
) -> None:
    sent = {"file": SimpleUploadedFile("patients.csv", b"x" * size)} if size else {}
    answer = ward_admin.post(IMPORT, sent)
    assert "Choose a CSV or XLSX file of at most 1 MB." in answer.content.decode()


def test_the_template_is_a_file_that_an_import_knows(byron: Ward, ward_admin: Client) -> None:
    table = spreadsheets.read(ward_admin.get(f"{IMPORT}template/").content)
    assert table == [list(COLUMNS.values())]

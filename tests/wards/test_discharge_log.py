"""The audit log of a discharge: the page, the text to copy, the PDF; of an earlier stay, too."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pypdf import PdfReader

from audit.models import AuditEvent
from tests.factories import PatientFactory, WardFactory, member_of
from wards import admissions, case_notes, discharges, moves, pdf
from wards.actors import Actor, person
from wards.models import Patient, Role, Stay, User, Ward

pytestmark = pytest.mark.django_db

START = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


@pytest.fixture
def manager(byron: Ward) -> Actor:
    return person(member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf"))


@pytest.fixture
def beatrice(db: None) -> Patient:
    return PatientFactory.create(surname="Quill", nhs_number="9434765919")


@pytest.fixture
def ended(byron: Ward, sarah: User, manager: Actor, beatrice: Patient) -> Stay:
    return stay_of(beatrice, byron, person(sarah), manager, START)


def stay_of(patient: Patient, ward: Ward, nurse: Actor, manager: Actor, at: datetime) -> Stay:
    """Return a stay that lasted for three hours, with a case note."""
    stay = admissions.admit(patient=patient, ward=ward, by=nurse, at=at)
    case_notes.write(stay=stay, text="Secret words.", by=nurse, at=at + HOUR)
    discharge = discharges.start(stay=stay, by=nurse, at=at + 2 * HOUR)
    for item in discharge.checks.filter(is_required=True):
        discharges.check(item=item, by=nurse, at=at + 2 * HOUR)
    return discharges.confirm(discharge=discharge, by=manager, at=at + 3 * HOUR)


def log_of(stay: Stay, suffix: str = "/") -> str:
    return f"/patients/{stay.patient_id}/stays/{stay.pk}/discharge/log{suffix}"


def copied(page: Client, path: str) -> str:
    """Return the text that the button copies."""
    text = page.get(path).content.decode()
    return strip_tags(text.partition(' id="log">')[2].partition("</div>")[0])


def read_back(page: Client, path: str) -> PdfReader:
    answer = page.get(path)
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def test_an_empty_line_stands_between_its_parts(page: Client, ended: Stay) -> None:
    patient, stay, checklist, events = copied(page, log_of(ended)).strip().split("\n\n")

    assert patient == "QUILL, Beatrice, born 1 Jan 1980, NHS number 943 476 5919"
    assert stay.splitlines() == [
        "Stay",
        "Ward: Byron",
        "Admitted: 3 Nov 2025, 09:30",
        "Discharged: 3 Nov 2025, 12:30",
        "Discharge started by Sarah Johnson, 3 Nov 2025, 11:30",
        "Discharge confirmed by Amina Yusuf",
    ]
    assert "Discharge summary written: Sarah Johnson, 3 Nov 2025, 11:30" in checklist.splitlines()
    assert "Community team told: did not apply" in checklist.splitlines()
    assert events.splitlines() == [
        "What happened",
        "3 Nov 2025, 09:30: Admitted: Byron, No bed assigned, by Sarah Johnson",
        "3 Nov 2025, 10:30: Case note, by Sarah Johnson",
        "3 Nov 2025, 11:30: Discharge started, by Sarah Johnson",
        "3 Nov 2025, 12:30: Discharged, by Amina Yusuf",
    ]


class TestThePDF:
    def test_says_what_the_page_says_and_whose_it_is_on_each_sheet(
        self, page: Client, ended: Stay
    ) -> None:
        sheets = [sheet.extract_text() for sheet in read_back(page, log_of(ended, ".pdf")).pages]
        text = " ".join(" ".join(sheets).split())

        for line in filter(None, copied(page, log_of(ended)).splitlines()):
            assert line in text
        assert all("943 476 5919" in sheet for sheet in sheets)
        assert "for Sarah Johnson" in text
        assert "Page 1 of" in text
        assert "Secret words" not in text

    def test_is_tagged_with_language_and_title_for_screen_readers(
        self, page: Client, ended: Stay
    ) -> None:
        document = read_back(page, log_of(ended, ".pdf"))
        root = cast(Any, document.root_object)

        assert root["/Lang"] == "en-GB"
        assert root["/MarkInfo"]["/Marked"]
        assert root["/StructTreeRoot"]
        assert document.metadata
        assert document.metadata.title == "Discharge audit log"

    def test_has_a_name_that_tells_nothing_of_the_patient(self, page: Client, ended: Stay) -> None:
        answer = page.get(log_of(ended, ".pdf"))
        assert answer["Content-Disposition"] == (
            f'attachment; filename="discharge-audit-log-{ended.pk}.pdf"'
        )

    def test_is_a_read_in_the_audit_log(self, page: Client, ended: Stay, sarah: User) -> None:
        page.get(log_of(ended, ".pdf"))

        event = AuditEvent.objects.latest("sequence")
        assert (event.action, event.object_id) == ("patient.view", str(ended.patient_id))
        assert (event.actor_name, event.detail) == (sarah.name, {"stay": ended.pk, "as": "PDF"})

    def test_fetches_nothing_from_anywhere(self, tmp_path: Path) -> None:
        style = tmp_path / "style.css"
        style.write_text('p::after { content: "fetched" }')
        page = f'<title>x</title><link rel="stylesheet" href="{style.as_uri()}"><p>Drawn</p>'

        drawn = PdfReader(BytesIO(pdf.draw(page)))

        assert drawn.pages[0].extract_text() == "Drawn"


class TestAnEarlierStay:
    @pytest.fixture
    def now(self, ended: Stay, sarah: User, manager: Actor) -> Stay:
        """The patient is on Byron again."""
        at = START + WEEK
        return admissions.admit(patient=ended.patient, ward=ended.ward, by=person(sarah), at=at)

    def test_is_listed_on_the_patient_s_page_and_leads_to_its_log(
        self, page: Client, ended: Stay, now: Stay
    ) -> None:
        address = f"/patients/{now.patient_id}/stays/{ended.pk}/"
        shown = page.get(f"/patients/{now.patient_id}/").content.decode()
        assert f'<a href="{address}">Byron, 3 Nov 2025, 09:30 to 3 Nov 2025, 12:30</a>' in shown

        earlier = page.get(address).content.decode()
        assert log_of(ended) in earlier
        assert "Discharged" in earlier
        assert earlier.count("Admitted") == 1

    def test_has_a_log_of_its_own_time_only(self, page: Client, ended: Stay, now: Stay) -> None:
        text = copied(page, log_of(ended))
        assert text.count("Admitted: Byron") == 1
        assert "12:30" in read_back(page, log_of(ended, ".pdf")).pages[0].extract_text()

    def test_is_a_read_in_the_audit_log(self, page: Client, ended: Stay, now: Stay) -> None:
        page.get(f"/patients/{now.patient_id}/stays/{ended.pk}/")

        event = AuditEvent.objects.latest("sequence")
        assert (event.action, event.detail) == ("patient.view", {"stay": ended.pk})

    def test_the_present_one_has_the_patient_s_page_and_no_log(
        self, page: Client, now: Stay
    ) -> None:
        own = f"/patients/{now.patient_id}/"
        assert page.get(f"{own}stays/{now.pk}/")["Location"] == own
        assert page.get(log_of(now)).status_code == 404
        assert page.get(f"{own}discharge/log.pdf").status_code == 404

    def test_of_somebody_else_is_not_found(self, page: Client, ended: Stay, now: Stay) -> None:
        other = PatientFactory.create()
        admissions.admit(patient=other, ward=now.ward, by=person(member_of(now.ward)))
        for path in ("", "discharge/log/", "discharge/log.pdf"):
            assert page.get(f"/patients/{other.pk}/stays/{ended.pk}/{path}").status_code == 404

    def test_goes_with_the_patient_to_another_ward(
        self, page: Client, ended: Stay, now: Stay, sarah: User
    ) -> None:
        keats = WardFactory.create(name="Keats")
        moves.transfer(stay=now, to=keats, by=person(sarah))
        of_keats = Client()
        of_keats.force_login(member_of(keats))

        for path in ("", "discharge/log/", "discharge/log.pdf"):
            address = f"/patients/{now.patient_id}/stays/{ended.pk}/{path}"
            assert of_keats.get(address).status_code == 200
            assert page.get(address).status_code == 404

"""What GetPatientRecord and GetDocument give (sections of the same names)."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from systmone.simulator.clock import local_now
from tests.systmone.simulator.raw import IDENTITY, NUMBER, Answer, RawClient, event


def today() -> date:
    """Return today's date: a day may begin while the tests run."""
    return local_now().date()


def read(client: RawClient, filters: str = "", **other: str) -> Answer:
    parameters = IDENTITY + (f"<Filter>{filters}</Filter>" if filters else "")
    return client.call("GetPatientRecord", parameters, **other)


def items(answer: Answer) -> set[str]:
    return {str(item.tag) for item in answer.findall("Clinical/Event/*")}


def parts(answer: Answer) -> list[str]:
    return [str(part.tag) for part in answer.findall("*")]


def test_the_whole_record_has_all_its_parts(client: RawClient) -> None:
    answer = read(client)
    assert parts(answer) == ["Identity", "Demographics", "Clinical", "NonClinical", "RecordState"]
    assert answer.find("Identity/StrategicReportingIdentifier") is not None
    assert {"Narrative", "ClinicalCode", "Letter", "Referral", "CarePlan"} <= items(answer)


@pytest.mark.parametrize("tag", ["NhsNumber", "NHSNumber"])
def test_both_spellings_of_the_number_are_understood(client: RawClient, tag: str) -> None:
    answer = client.call("GetPatientRecord", f"<Identity><{tag}>{NUMBER}</{tag}></Identity>")
    assert answer.text("Identity/NHSNumber") == NUMBER


def test_a_patient_without_an_nhs_number_is_found_by_the_pseudo_number(client: RawClient) -> None:
    identity = "<Identity><PseudoNumber>0002767317</PseudoNumber></Identity>"
    answer = client.call("GetPatientRecord", identity)
    assert answer.text("Identity/PseudoNumber") == "0002767317"
    assert answer.find("Identity/NHSNumber") is None


@pytest.mark.parametrize(
    "identity",
    [
        "<NhsNumber>9990000000</NhsNumber>",
        "<StrategicReportingIdentifier>880100</StrategicReportingIdentifier>",
    ],
)
def test_an_unknown_identity_is_refused(client: RawClient, identity: str) -> None:
    answer = client.call("GetPatientRecord", f"<Identity>{identity}</Identity>")
    assert answer.permanence == "true"


@pytest.mark.parametrize(
    ("category", "wanted"),
    [
        ("Medication", {"Medication"}),
        ("Letters", {"Letter"}),
        ("Attachments", {"Attachment"}),
        ("Narrative", {"Narrative"}),
        ("ClinicalCodes", {"ClinicalCode"}),
        ("Sensitivities", {"DrugSensitivity"}),
        ("Referrals", {"Referral"}),
        ("Relationships", {"Relationship"}),
        ("Reminders", {"Reminder"}),
        ("CarePlans", {"CarePlan"}),
        ("Vaccinations", set()),
        ("Results", set()),
        ("Recalls", set()),
        ("Activity", set()),
    ],
)
def test_a_category_of_clinical_content_is_given_alone(
    client: RawClient, category: str, wanted: set[str]
) -> None:
    answer = read(client, f"<{category}/>")
    assert parts(answer) == ["Identity", "Clinical", "RecordState"]
    assert items(answer) - {"LinkedProblemUID"} == wanted


def test_demographics_alone_have_no_clinical_content(client: RawClient) -> None:
    assert parts(read(client, "<Demographics/>")) == ["Identity", "Demographics", "RecordState"]


@pytest.mark.parametrize("tag", ["Appointment", "Task"])
def test_non_clinical_content_is_given_alone(client: RawClient, tag: str) -> None:
    answer = read(client, f"<{tag}s/>")
    assert parts(answer) == ["Identity", "NonClinical", "RecordState"]
    assert {item.tag for item in answer.findall("NonClinical/*")} == {tag}


def codes(answer: Answer) -> Iterable[str]:
    return {code.attrib["Code"] for code in answer.findall("Clinical/Event/ClinicalCode/Code")}


def test_single_codes_and_numeric_readings_can_be_chosen(client: RawClient) -> None:
    assert codes(read(client, "<ClinicalCode>XaEFS</ClinicalCode>")) == {"XaEFS"}
    two = "<Numeric>229..</Numeric><Numeric>22A..</Numeric>"
    assert codes(read(client, two)) == {"229..", "22A.."}
    assert codes(read(client, "<Numeric>XaEFS</Numeric>")) == set()


def test_entry_dates_choose_what_was_entered_then(client: RawClient) -> None:
    of_today = f"<MinEntryDate>{today()}</MinEntryDate><MaxEntryDate>{today()}</MaxEntryDate>"
    whole = len(read(client).findall("Clinical/Event"))
    fresh = read(client, of_today).findall("Clinical/Event")
    assert len(fresh) == 1
    past = read(client, f"<MaxEntryDate>{today() - timedelta(days=1)}</MaxEntryDate>").findall(
        "Clinical/Event"
    )
    assert len(past) == whole - 1


def test_the_entry_date_is_when_it_was_entered_not_when_it_happened(client: RawClient) -> None:
    long_ago = event(
        "<Narrative><Line>late entry</Line></Narrative>",
        attributes='DateTime="2020-01-02T03:04:05"',
    )
    client.call("UpdatePatientRecord", IDENTITY + long_ago)
    of_today = f"<MinEntryDate>{today()}</MinEntryDate><MaxEntryDate>{today()}</MaxEntryDate>"
    assert "late entry" in read(client, of_today).texts("Clinical/Event/Narrative/Line")


def test_effective_dates_leave_out_what_is_later_or_has_ended(client: RawClient) -> None:
    ended = event(
        "<Medication><Drug Scheme='Multilex' ProductID='1004531'/>"
        "<StartDate>2020-01-01</StartDate><EndDate>2020-02-01</EndDate></Medication>",
        attributes='DateTime="2020-01-01T00:00:00"',
    )
    client.call("UpdatePatientRecord", IDENTITY + ended)
    drugs = len(read(client, "<Medication/>").findall("Clinical/Event/Medication"))
    now = f"<MinEffectiveDate>{today() - timedelta(days=300)}</MinEffectiveDate><Medication/>"
    assert len(read(client, now).findall("Clinical/Event/Medication")) == drugs - 1
    then = "<MaxEffectiveDate>2020-01-15</MaxEffectiveDate><Medication/>"
    assert len(read(client, then).findall("Clinical/Event/Medication")) == 1


def test_the_user_who_recorded_it_can_be_chosen(client: RawClient) -> None:
    assert read(client, "<UserNameDoneBy>mtregear</UserNameDoneBy>").findall("Clinical/Event")
    assert not read(client, "<UserNameDoneBy>nobody</UserNameDoneBy>").findall("Clinical/Event")


def test_codes_and_drugs_are_given_in_the_scheme_that_is_asked_for(client: RawClient) -> None:
    scheme = "<OutputScheme><Drugs>Dmd</Drugs><Codes>Snomed</Codes></OutputScheme>"
    answer = read(client, scheme=scheme)
    schemes = {c.attrib["Scheme"] for c in answer.findall("Clinical/Event/ClinicalCode/Code")}
    assert schemes == {"Snomed"}
    assert answer.findall("Clinical/Event/Medication/Drug")[0].attrib["Scheme"] == "Dmd"


def test_nothing_private_leaves_the_simulator(client: RawClient) -> None:
    root = read(client).root
    names = {str(name) for element in root.iter() for name in element.attrib}
    assert all(name[0].isupper() for name in names)
    assert root.find(".//Documents") is None


def test_the_quirks_of_real_records_are_there(client: RawClient) -> None:
    simulator = client.simulator
    records = [simulator.committed(number) for number in simulator.numbers]
    statuses = [record.findall("Demographics/MaritalStatus/*") for record in records]
    assert [] in statuses
    assert any(record.find("Demographics/KnownAs") is None for record in records)
    assert all(record.find("Demographics/Address/County") is None for record in records)
    lines = [line for number in simulator.numbers for line in simulator.committed_lines(number)]
    assert max(map(len, lines)) == 6000
    content = read(client, "<Tasks/>").text("NonClinical/Task/Content")
    assert " - TREGEAR, Morwenna\n" in content
    appointment = read(client, "<Appointments/>").find("NonClinical/Appointment")
    assert appointment is not None
    assert appointment.findtext("Clinician")
    assert appointment.find("Clinic") is None


def document_uid(client: RawClient) -> str:
    return read(client, "<Attachments/>").text("Clinical/Event/Attachment/DocumentUID")


def test_a_document_is_written_to_the_folder(client: RawClient, tmp_path: Path) -> None:
    wanted = f"<DocumentUID>{document_uid(client)}</DocumentUID><WriteTo>{tmp_path}</WriteTo>"
    answer = client.call("GetDocument", IDENTITY + wanted)
    assert Path(answer.text("DocumentFile")).read_text() == "Admission checklist: complete.\n"
    assert answer.text("RecordState") == "Closed"


def test_a_missing_folder_or_document_is_refused(client: RawClient, tmp_path: Path) -> None:
    uid = document_uid(client)
    for document, folder in ((uid, tmp_path / "missing"), ("0" * 16, tmp_path)):
        wanted = f"<DocumentUID>{document}</DocumentUID><WriteTo>{folder}</WriteTo>"
        assert client.call("GetDocument", IDENTITY + wanted).permanence == "true"
    assert list(tmp_path.iterdir()) == []

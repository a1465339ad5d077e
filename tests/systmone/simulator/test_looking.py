"""The functions that look at the unit and the screen."""

import csv
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from nhs_number import is_valid

from systmone.simulator import Simulator
from systmone.simulator.fiction.unit import fictional_unit
from tests.systmone.simulator.raw import IDENTITY, NUMBER, RawClient, request

CODE = '<ClinicalCode><Code Scheme="CTV3" Code="H33.."/></ClinicalCode>'
DRUG = '<Medication><Drug Scheme="Multilex" ProductID="1004531"/></Medication>'


def search(client: RawClient, constraints: str) -> list[str]:
    return client.call("PatientSearch", constraints).texts("Result/Surname")


def test_all_seventeen_functions_are_listed_with_their_version(client: RawClient) -> None:
    answer = client.call("GetFunctions")
    assert len(set(answer.texts("SupportedFunction/Function"))) == 17
    assert set(answer.texts("SupportedFunction/Version")) == {"1.0"}


@pytest.mark.parametrize(
    ("function", "version"), [("GetEverything", "1.0"), ("GetDiary", "2.0"), ("GetDiary", "x")]
)
def test_an_unknown_function_or_version_is_refused(
    client: RawClient, function: str, version: str
) -> None:
    assert client.call(function, function_version=version).permanence == "true"


def test_an_answer_echoes_the_request_and_has_a_guid_of_its_own(client: RawClient) -> None:
    roots = [client.call("GetFunctions", uid="same", function_version="1").root for _ in "ab"]
    assert {root.findtext("RequestUID") for root in roots} == {"same"}
    assert {root.findtext("FunctionVersion") for root in roots} == {"1"}
    responses = [root.findtext("ResponseUID") or "" for root in roots]
    assert len(set(responses)) == 2
    assert all(uid == uid.upper() and len(uid) == 36 for uid in responses)


def test_an_unknown_output_scheme_is_refused(client: RawClient) -> None:
    scheme = "<OutputScheme><Codes>ICD10</Codes></OutputScheme>"
    assert client.call("GetFunctions", scheme=scheme).permanence == "true"


def test_the_organisation_has_one_current_site_and_one_current_user(client: RawClient) -> None:
    answer = client.call("GetOrganisationMetaData")
    assert len(answer.findall("Site")) == 2
    assert len(answer.findall("Site/CurrentSite")) == 1
    assert len(answer.findall("User")) > 5
    assert len(answer.findall("User/CurrentUser")) == 1
    assert answer.texts("SlotType")
    assert answer.texts("ClinicType")


def test_the_logged_on_user_alone_can_be_asked_for(client: RawClient) -> None:
    answer = client.call("GetOrganisationMetaData", "<LoggedOnUserOnly/>")
    assert len(answer.findall("Site")) == len(answer.findall("User")) == 1
    assert not answer.texts("SlotType")


def test_reference_data_give_a_unit_for_each_numeric_code(client: RawClient) -> None:
    answer = client.call("GetReferenceData")
    codes = answer.texts("NumericReadCodeUnits/Code")
    assert "229.." in codes
    assert len(codes) == len(answer.texts("NumericReadCodeUnits/Units"))


def test_launching_opens_the_record_and_makes_the_selection(client: RawClient) -> None:
    answer = client.call("LaunchFunctionality", IDENTITY + CODE)
    assert answer.text("Identity/NHSNumber") == NUMBER
    activity = client.call("GetCurrentActivity")
    assert activity.texts("Activity")[-1] == "Record Clinical Code"
    (code,) = activity.findall("CurrentSelection/Code")
    assert code.attrib["Code"] == "H33.."


def test_the_selection_is_given_in_the_scheme_that_is_asked_for(client: RawClient) -> None:
    client.call("LaunchFunctionality", IDENTITY + DRUG)
    scheme = "<OutputScheme><Drugs>Dmd</Drugs></OutputScheme>"
    (drug,) = client.call("GetCurrentSelection", scheme=scheme).findall("CurrentSelection/Drug")
    assert drug.attrib["Scheme"] == "Dmd"
    assert drug.attrib["ProductID"] == "322280009"
    assert drug.attrib["Name"] == "Paracetamol 500mg soluble tablets"


def test_without_an_open_record_no_identity_is_given(client: RawClient) -> None:
    for function in ("GetCurrentActivity", "GetCurrentSelection"):
        answer = client.call(function)
        assert answer.find("Identity") is None
        assert len(answer.findall("CurrentSelection")) == 1


def test_a_search_needs_two_constraints(client: RawClient) -> None:
    assert client.call("PatientSearch", "<Surname>A</Surname>").refusal == (
        "At least two search parameters must be specified",
        "true",
    )


def test_a_search_meets_all_constraints(client: RawClient) -> None:
    assert "Abernathy" in search(client, "<FirstName>O</FirstName><Surname>aber</Surname>")
    assert search(client, "<FirstName>Zzz</FirstName><Surname>Aber</Surname>") == []


@pytest.mark.parametrize(
    ("constraints", "path"),
    [
        ("<DateOfBirth>{}</DateOfBirth><Surname>Abernathy</Surname>", "DateOfBirth"),
        ("<PostCode>{}</PostCode><Surname>Abernathy</Surname>", "Address/Postcode"),
        ("<PostCode>ZZ99</PostCode><Surname>Abernathy</Surname>", "Surname"),
        ("<Surname>Abernathy</Surname><Telephone>{}</Telephone>", "HomeTelephone"),
        ("<Surname>Abernathy</Surname><Gender>{}</Gender>", "Sex"),
    ],
)
def test_each_constraint_finds_the_patient(client: RawClient, constraints: str, path: str) -> None:
    value = client.simulator.committed(NUMBER).findtext(f"Demographics/{path}")
    assert "Abernathy" in search(client, constraints.format(value))


def test_a_postcode_without_its_space_is_refused(client: RawClient) -> None:
    constraints = "<PostCode>ZZ993VZ1</PostCode><Surname>A</Surname>"
    assert client.call("PatientSearch", constraints).permanence == "true"


def test_the_unit_has_five_wards_of_fictional_patients(simulator: Simulator) -> None:
    patients = [simulator.committed(number) for number in simulator.numbers]
    assert len(patients) == 100
    numbers = [patient.findtext("Identity/NHSNumber") for patient in patients]
    assert numbers.count(None) == 1
    assert all(is_valid(number) for number in numbers if number)
    assert all(number.startswith("999") for number in numbers[1:] if number)
    assert numbers[0] == NUMBER


def test_the_same_seed_invents_the_same_unit_and_another_seed_another() -> None:
    day = date(2026, 11, 20)
    first, same, other = (etree.tostring(fictional_unit(seed, day)) for seed in (4, 4, 5))
    assert first == same != other


def test_schemas_are_written_and_requests_match_them(client: RawClient, tmp_path: Path) -> None:
    answer = client.call("GetXSDFiles", f"<Path>{tmp_path}</Path>")
    assert len(answer.texts("XSD/Result")) == 17
    schema = etree.XMLSchema(file=str(tmp_path / "GetDiary v1.0.xsd"))
    sent = request("GetDiary", "<UserName>aokonjo</UserName>", device=client.device)
    schema.assertValid(etree.fromstring(sent))


def test_schemas_for_a_missing_folder_are_refused(client: RawClient, tmp_path: Path) -> None:
    parameters = f"<Path>{tmp_path / 'missing'}</Path>"
    assert client.call("GetXSDFiles", parameters).permanence == "true"


def test_a_request_that_breaks_its_schema_is_refused(client: RawClient) -> None:
    assert client.call("GetDiary", "<Surprise/>").permanence == "true"


def test_an_extract_lists_every_table_that_it_holds(client: RawClient, tmp_path: Path) -> None:
    where = f"<Directory>{tmp_path}</Directory><Name>Ward Extract</Name>"
    crc = client.call("DataExtract", where).text("SRManifestCRC")
    with (tmp_path / "SRManifest.csv").open(encoding="cp1252", newline="") as manifest:
        tables = [row["FileName"] for row in csv.DictReader(manifest)]
    assert "SRWardStay" in tables
    assert {f"{table}.csv" for table in tables} | {"SRManifest.csv"} == {
        path.name for path in tmp_path.iterdir()
    }
    with (tmp_path / "SRPatient.csv").open(encoding="cp1252", newline="") as patients:
        assert sum(1 for row in csv.DictReader(patients)) == 100
    assert crc.isdecimal()


def test_the_same_extract_is_not_downloaded_twice(client: RawClient, tmp_path: Path) -> None:
    where = f"<Directory>{tmp_path}</Directory><Name>Ward Extract</Name>"
    crc = client.call("DataExtract", where).text("SRManifestCRC")
    (tmp_path / "SRPatient.csv").unlink()
    again = client.call("DataExtract", f"<SRManifestCRC>{crc}</SRManifestCRC>{where}")
    assert again.text("SRManifestCRC") == crc
    assert not (tmp_path / "SRPatient.csv").exists()


def test_an_unknown_extract_or_folder_is_refused(client: RawClient, tmp_path: Path) -> None:
    for folder, name in ((tmp_path, "Nothing"), (tmp_path / "missing", "Ward Extract")):
        where = f"<Directory>{folder}</Directory><Name>{name}</Name>"
        assert client.call("DataExtract", where).permanence == "true"


def test_exit_client_answers_and_then_closes_the_port(client: RawClient) -> None:
    assert client.call("ExitClient").refusal == ("", "")
    assert client.simulator.wait_for_exit(3)
    with pytest.raises(ConnectionRefusedError):
        RawClient(client.simulator)

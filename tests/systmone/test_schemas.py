"""The simulator's XSDs: what they let through, what they refuse and how they say it."""

import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from systmone.simulator import schemas
from systmone.simulator.schemas import OrganisationLists, fault_in
from tests.systmone.vectors import FOLDER, REQUESTS, Vector, vector

ANY = OrganisationLists()
WARD = OrganisationLists(
    task_types=("Ward Round", "Admin"),
    user_groups=("Ward Clerks",),
    letter_types=("Discharge Summary",),
    recall_types=("Physical health check",),
    clinic_types=("Session",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A vector that is changed, and what the sentence about it names."""

    what: str
    vector: str
    old: str
    new: str
    named: str = ""

    def __str__(self) -> str:
        return self.what

    @property
    def text(self) -> str:
        """The changed document."""
        text = vector(self.vector).document.decode()
        assert self.old in text
        return text.replace(self.old, self.new, 1)


CHANGES = {
    outcome: [Change(**entry) for entry in entries]
    for outcome, entries in tomllib.loads((FOLDER / "changes.toml").read_text("utf-8")).items()
}


def _fault(text: str, lists: OrganisationLists = ANY) -> str | None:
    request = etree.fromstring(text.encode())
    return fault_in(request, request.findtext("Function", ""), lists)


def _matches(path: Path, request: etree._Element) -> bool:
    return etree.XMLSchema(etree.fromstring(path.read_bytes())).validate(request)


@pytest.mark.parametrize("request_vector", REQUESTS, ids=str)
def test_every_known_request_matches(request_vector: Vector) -> None:
    assert fault_in(request_vector.root, request_vector.function, ANY) is None


@pytest.mark.parametrize("request_vector", REQUESTS, ids=str)
def test_order_of_the_envelope_is_free(request_vector: Vector) -> None:
    root = request_vector.root
    root[:] = reversed(root)

    assert fault_in(root, request_vector.function, ANY) is None


@pytest.mark.parametrize("change", CHANGES["passed"], ids=str)
def test_schema_lets_pass(change: Change) -> None:
    assert _fault(change.text) is None


@pytest.mark.parametrize("change", CHANGES["refused"], ids=str)
def test_schema_refuses_and_names_the_element(change: Change) -> None:
    fault = _fault(change.text)

    assert fault is not None
    assert change.named in fault
    assert "[facet" not in fault
    assert fault.endswith(".")


@pytest.mark.parametrize("field", ["DocumentPath", "Type", "Direction", "DateSentReceived"])
def test_letter_needs_its_mandatory_fields(field: str) -> None:
    text = vector("update-letter-request").document.decode()
    without = re.sub(f"<{field}>.*</{field}>", "", text)

    fault = _fault(without)

    assert without != text
    assert fault is not None
    assert field in fault


def test_letter_needs_a_recipient() -> None:
    root = vector("observed-letter-request").root
    (letter,) = root.iter("Letter")
    letter.remove(letter[0])
    assert fault_in(root, "UpdatePatientRecord", ANY) is None

    letter.remove(letter[0])
    fault = fault_in(root, "UpdatePatientRecord", ANY)

    assert fault is not None
    assert "RecipientName, RecipientOrganisation" in fault


@pytest.mark.parametrize("function", ["UpdatePatientRecord", "GetDocument", "DataExtract"])
def test_parameters_are_needed_where_one_of_them_is(function: str) -> None:
    root = next(one for one in REQUESTS if one.function == function).root
    root.remove(root[-1])

    fault = fault_in(root, function, ANY)

    assert fault is not None
    assert "FunctionParameters" in fault


def test_request_for_another_function_is_refused() -> None:
    fault = fault_in(vector("get-functions-request").root, "GetDiary", ANY)

    assert fault is not None
    assert fault.startswith("Function: The value 'GetFunctions'")


def test_unknown_function_is_refused() -> None:
    fault = fault_in(vector("get-functions-request").root, "GetBeds", ANY)

    assert fault == "GetBeds is not a function of this interface."


def test_another_document_is_refused() -> None:
    fault = fault_in(vector("get-functions-response").root, "GetFunctions", ANY)

    assert fault is not None
    assert "ClientIntegrationResponse" in fault


@pytest.mark.parametrize("change", CHANGES["unlisted"], ids=str)
def test_an_organisation_has_its_own_lists(change: Change) -> None:
    fault = _fault(change.text, WARD)

    assert fault is not None
    assert change.named in fault
    assert _fault(change.text, ANY) is None
    assert _fault(vector(change.vector).document.decode(), WARD) is None


def test_listed_letter_type_is_allowed_beside_miscellaneous() -> None:
    text = vector("observed-letter-request").document.decode()

    assert _fault(text.replace(">Miscellaneous<", ">Discharge Summary<"), WARD) is None


def test_each_function_has_a_file_of_its_own(tmp_path: Path) -> None:
    written = schemas.write(tmp_path, ANY)

    assert [(one.function, one.version) for one in written] == [
        (function, "1.0") for function in schemas.FUNCTIONS
    ]
    assert {one.path for one in written} == set(tmp_path.iterdir())
    assert tmp_path / "GetFunctions v1.0.xsd" in tmp_path.iterdir()


@pytest.mark.parametrize("function", schemas.FUNCTIONS)
def test_file_stands_alone(function: str, tmp_path: Path) -> None:
    file = next(one for one in schemas.write(tmp_path, ANY) if one.function == function)
    alone = file.path.rename(tmp_path / "alone.xsd")

    for request in REQUESTS:
        named = schemas.OTHER_NAMES.get(request.function, request.function)
        assert _matches(alone, request.root) == (named == function)


@pytest.mark.parametrize("change", CHANGES["unlisted"], ids=str)
def test_files_hold_the_organisations_lists(change: Change, tmp_path: Path) -> None:
    schemas.write(tmp_path, WARD)
    file = tmp_path / "UpdatePatientRecord v1.0.xsd"

    assert _matches(file, vector(change.vector).root)
    assert not _matches(file, etree.fromstring(change.text.encode()))


def test_folder_that_does_not_exist_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        schemas.write(tmp_path / "nowhere", ANY)


def test_threads_get_the_fault_of_their_own_request() -> None:
    changes = [one for one in CHANGES["refused"] if "observed" in one.vector] * 40
    texts = [change.text for change in changes]

    with ThreadPoolExecutor(4) as threads:
        faults = list(threads.map(_fault, texts))

    assert all(
        fault and change.named in fault for change, fault in zip(changes, faults, strict=True)
    )

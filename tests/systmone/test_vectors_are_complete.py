"""The documents that the other tests speak about: well-formed, and all of them in the index."""

from collections import Counter

import pytest

from tests.systmone.vectors import FOLDER, REQUESTS, VECTORS, Vector

FUNCTIONS = {
    "GetFunctions",
    "GetOrganisationMetaData",
    "GetCurrentActivity",
    "GetCurrentSelection",
    "PatientSearch",
    "GetPatientRecord",
    "UpdatePatientRecord",
    "GetDocument",
    "DeletePatientRecord",  # as the specification's example of DeleteFromPatientRecord says
    "GetAppointmentSlots",
    "GetDiary",
    "ExitClient",
    "DataExtract",
    "LaunchFunctionality",
    "GetXSDFiles",
    "GetReferenceData",
    "IsPatientRetrieved",
}
ROOTS = {"request": "ClientIntegrationRequest", "response": "ClientIntegrationResponse"}


def test_index_and_folder_name_the_same_files() -> None:
    in_folder = Counter(path.name for path in FOLDER.glob("*.xml"))

    assert Counter(vector.file for vector in VECTORS) == in_folder


def test_every_function_has_a_request() -> None:
    assert {vector.function for vector in REQUESTS} == FUNCTIONS


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_vector_is_what_the_index_says(vector: Vector) -> None:
    root = vector.root

    assert root.tag == ROOTS[vector.kind]
    assert root.findtext("Function") == vector.function
    assert root.findtext("RequestUID")


@pytest.mark.parametrize("vector", VECTORS, ids=str)
def test_nothing_of_the_page_is_left(vector: Vector) -> None:
    text = vector.document.decode()

    assert not {line.strip() for line in text.splitlines()} & {"...", "…"}
    assert "mailto:" not in text
    assert all(child.tail is None or not child.tail.strip() for child in vector.root.iter())

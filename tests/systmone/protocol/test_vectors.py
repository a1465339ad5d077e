"""Every example of the specification, and of real traffic, through the typed values and back."""

from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from systmone.protocol.answers import refusal
from systmone.protocol.documents import serialise
from systmone.protocol.envelope import OutputScheme, RequestEnvelope, read_response
from systmone.protocol.framing import DocumentReader
from systmone.protocol.functions import FUNCTIONS, function_named
from tests.systmone.protocol.canonical import meaning
from tests.systmone.vectors import REQUESTS, RESPONSES, Vector


def test_every_function_has_an_example_of_a_request_and_of_a_response() -> None:
    for vectors in (REQUESTS, RESPONSES):
        assert {function_named(vector.function).function for vector in vectors} == set(FUNCTIONS)


@pytest.mark.parametrize("vector", REQUESTS, ids=str)
def test_a_request_is_read_into_its_type_and_written_as_it_was(vector: Vector) -> None:
    parameters = vector.root.find("FunctionParameters")
    if parameters is None:
        parameters = etree.Element("FunctionParameters")

    request = function_named(vector.function).from_xml(parameters)

    assert meaning(request.to_xml("FunctionParameters")) == meaning(parameters)


@pytest.mark.parametrize("vector", REQUESTS, ids=str)
def test_a_request_s_envelope_is_written_as_it_was(vector: Vector) -> None:
    root = vector.root
    said = {child.tag: child.text or "" for child in root}
    parameters = root.find("FunctionParameters")
    if parameters is None:
        parameters = etree.SubElement(root, "FunctionParameters")

    written = RequestEnvelope(
        api_key=said["APIKey"],
        device_id=said["DeviceID"],
        device_version=said["DeviceVersion"],
        request_uid=said["RequestUID"],
        function=said["Function"],
        function_version=said["FunctionVersion"],
        output_scheme=_output_scheme(root),
    ).element(deepcopy(parameters))

    assert meaning(written) == meaning(root)
    assert b"\n" not in serialise(written)


def _output_scheme(root: etree._Element) -> OutputScheme:
    scheme: Any = {str(child.tag).lower(): child.text for child in root.iterfind("OutputScheme/*")}
    return OutputScheme(**scheme)


@pytest.mark.parametrize("vector", RESPONSES, ids=str)
def test_a_response_is_read_into_its_type_and_nothing_is_lost(vector: Vector) -> None:
    (document,) = DocumentReader().feed(vector.document)
    answer = read_response(document)
    if refusal(answer, vector.function):
        return

    response = function_named(answer.function).response.from_xml(answer.response)

    assert response.source is answer.response
    assert meaning(response.to_xml("Response")) == meaning(vector.root.xpath("Response")[0])


def test_an_error_response_is_a_permanent_refusal_with_systmone_s_words() -> None:
    (vector,) = (vector for vector in RESPONSES if vector.section == "Error Responses")

    refused = refusal(read_response(vector.document), "PatientSearch")

    assert refused is not None
    assert refused.permanent
    assert refused.words == "At least two search parameters must be specified"
    assert refused.words not in str(refused)

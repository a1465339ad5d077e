"""Requests arrive in any pieces, and what is no request does no harm."""

import resource
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from systmone.simulator import Outcome, Simulator
from systmone.simulator.documents import build
from systmone.simulator.framing import Frames
from tests.systmone.simulator.raw import IDENTITY, NUMBER, Answer, RawClient, note, request

ENTITIES = b"""<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c "&b;&b;&b;&b;">]>
<ClientIntegrationRequest><RequestUID>hostile</RequestUID><APIKey>&c;</APIKey>"""
EXTERNAL = b"""<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>"""


def test_a_request_that_arrives_byte_by_byte_is_answered(client: RawClient) -> None:
    for byte in request("GetFunctions", device=client.device):
        client.send(bytes([byte]))
    assert len(Answer(client.read()).findall("SupportedFunction")) == 17


@given(
    texts=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=1),
    cuts=st.lists(st.integers(0, 500)),
    gap=st.sampled_from(["", "\n", "\r\n \t", "\0"]),
)
def test_however_the_bytes_are_cut_the_same_documents_come_out(
    texts: list[str], cuts: list[int], gap: str
) -> None:
    documents = [etree.tostring(build("A", [build("B", text)])) for text in texts]
    stream = gap.encode().join([*documents, b""])
    places = sorted({0, *(cut for cut in cuts if cut < len(stream)), len(stream)})
    frames = Frames()
    received = [
        document for start, end in pairwise(places) for document in frames.feed(stream[start:end])
    ]
    assert received == documents


def test_several_requests_in_one_piece_are_answered_in_order(client: RawClient) -> None:
    client.send(b"".join(request("GetFunctions", device=client.device, uid=uid) for uid in "abc"))
    assert [Answer(client.read()).root.findtext("RequestUID") for _ in "abc"] == ["a", "b", "c"]


def test_a_request_ends_with_its_root_even_without_a_newline(client: RawClient) -> None:
    client.send(request("GetFunctions", device=client.device).rstrip(b"\n"))
    assert Answer(client.read()).refusal == ("", "")


def test_a_newline_inside_a_text_does_not_end_a_request(client: RawClient) -> None:
    client.call("UpdatePatientRecord", IDENTITY + note("first\nsecond"))
    assert "first\nsecond" in client.simulator.committed_lines(NUMBER)


def test_a_declaration_and_indentation_are_accepted(client: RawClient) -> None:
    indented = request("GetFunctions", device=client.device).replace(b"><", b">\r\n  <")
    client.send(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n' + indented + b"\r\n")
    assert Answer(client.read()).refusal == ("", "")


def test_the_outer_elements_may_stand_in_any_order(client: RawClient) -> None:
    client.send(
        b"<ClientIntegrationRequest><Function>GetFunctions</Function><RequestUID>1</RequestUID>"
        b"<FunctionVersion>1</FunctionVersion><DeviceID>%b</DeviceID><APIKey>k</APIKey>"
        b"<DeviceVersion>v</DeviceVersion></ClientIntegrationRequest>" % client.device.encode()
    )
    assert Answer(client.read()).refusal == ("", "")


def test_a_client_that_closes_its_sending_side_still_gets_its_answer(client: RawClient) -> None:
    client.send(request("GetFunctions", device=client.device))
    client.socket.shutdown(1)
    assert Answer(client.read()).refusal == ("", "")


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(ENTITIES, id="entities"),
        pytest.param(EXTERNAL, id="external document type"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", id="HTTP"),
        pytest.param(b"<ClientIntegrationRequest><A></B>\n", id="tags that do not match"),
        pytest.param(b"<a>" * 100_000 + b"</a>" * 100_000, id="deep nesting"),
        pytest.param(b"<!--" + b"x" * 3_000_000, id="an endless comment"),
        pytest.param(b'<a b="' + b"x" * 3_000_000, id="an endless attribute"),
        pytest.param(b"<a>\xff\xfe\xfd</a>", id="not UTF-8"),
    ],
)
def test_what_is_no_xml_is_refused_and_harms_nobody(
    simulator: Simulator, client: RawClient, hostile: bytes
) -> None:
    with RawClient(simulator) as attacker:
        attacker.send(hostile)
        assert Answer(attacker.read()).permanence == "true"
    assert simulator.journal.entries[-1].outcome is Outcome.UNREADABLE
    assert client.call("GetFunctions").refusal == ("", "")


def test_what_can_be_read_of_a_broken_request_is_echoed(client: RawClient) -> None:
    client.send(request("GetDiary", device=client.device, uid="u-1", scheme="<a></b>"))
    answer = Answer(client.read())
    assert answer.root.findtext("RequestUID") == "u-1"
    assert answer.root.findtext("Function") == "GetDiary"
    assert client.is_closed()


def test_a_document_with_another_root_is_refused_and_the_connection_stays(
    client: RawClient,
) -> None:
    client.send(b"<Hello/>\n")
    assert Answer(client.read()).permanence == "true"
    assert client.call("GetFunctions").refusal == ("", "")


def test_a_mandatory_element_that_is_missing_is_named(client: RawClient) -> None:
    client.send(b"<ClientIntegrationRequest><APIKey>k</APIKey></ClientIntegrationRequest>\n")
    assert "DeviceID" in Answer(client.read()).text("ErrorMessage")


def test_deep_nesting_is_refused_before_it_takes_memory(client: RawClient) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    client.send(b"<a>" * 3_000_000)
    assert "too deeply" in Answer(client.read()).text("ErrorMessage")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_a_document_of_40_mb_is_refused_in_bounded_memory(
    simulator: Simulator, client: RawClient
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    megabyte = b"x" * 1024 * 1024
    client.send(b"<ClientIntegrationRequest><APIKey>")
    for _ in range(40):
        client.send(megabyte)
    assert "too large" in Answer(client.read()).text("ErrorMessage")
    assert time.monotonic() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    with RawClient(simulator) as other:
        assert other.call("GetFunctions").refusal == ("", "")

"""Reading XML from somebody else, writing XML for somebody else."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from systmone.protocol.documents import parse, serialise
from systmone.protocol.envelope import read_response
from systmone.protocol.errors import NotTheProtocol

LAUGHS = "".join(f"<!ENTITY l{depth} '{f'&l{depth - 1};' * 10}'>" for depth in range(1, 12))
HOSTILE = {
    "billion laughs": f"<!DOCTYPE x [<!ENTITY l0 'ha'>{LAUGHS}]><x>&l11;</x>".encode(),
    "external entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "external document type": b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'><x/>",
    "parameter entity": b"<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/'> %p;]><x/>",
    "unknown entity": b"<x>&nothing;</x>",
    "deep nesting": b"<a>" * 1_000_000,
    "deep nesting, closed": b"<a>" * 1000 + b"</a>" * 1000,
    "cut": b"<x><y>",
    "two roots": b"<x/><y/>",
    "nothing": b"",
    "NUL": b"<x>\x00</x>",
    "too large": b"<x>" + b"<y/>" * 9_000_000 + b"</x>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(name: str) -> None:
    with pytest.raises(NotTheProtocol):
        parse(HOSTILE[name])


MEASURED = """
import resource, time
from systmone.protocol.documents import MOST_TAGS, parse
from systmone.protocol.errors import NotTheProtocol
from tests.systmone.protocol.test_documents import HOSTILE

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for document in HOSTILE.values():
    try:
        parse(document)
    except NotTheProtocol:
        pass
refused = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
parse(b"<x>" + b"<y/>" * (MOST_TAGS - 2) + b"</x>")
accepted = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((refused - before) // 1024, (accepted - before) // 1024, time.process_time())
"""


def test_hostile_xml_takes_bounded_memory_and_time() -> None:
    measured = subprocess.run(
        [sys.executable, "-c", MEASURED], capture_output=True, text=True, check=True, timeout=60
    )
    refused, accepted, seconds = map(float, measured.stdout.split())

    assert refused < 100  # MiB of resident memory, libxml2's included
    assert accepted < 700
    assert seconds < 10


def test_an_entity_is_never_fetched(tmp_path: object) -> None:
    with pytest.raises(NotTheProtocol, match="document type"):
        parse(HOSTILE["external entity"])


@pytest.mark.parametrize(
    "document",
    [
        "<x>é</x>".encode(),
        "<?xml version='1.0' encoding='utf-16'?><x>é</x>".encode(),
        "<?xml version='1.0' encoding='windows-1252'?><x>é</x>".encode("cp1252"),
        b"\xef\xbb\xbf" + "<x>é</x>".encode(),
        "<x>é</x>".encode("cp1252"),
    ],
)
def test_a_wrongly_declared_or_an_older_encoding_is_read(document: bytes) -> None:
    assert parse(document).text == "é"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
def test_text_is_written_on_one_line_and_read_as_it_was(text: str) -> None:
    element = etree.Element("Line")
    element.text = f"{text}\r\n\t{text}\n"

    document = serialise(element)

    assert b"\n" not in document
    assert parse(document).text == f"{text}\r\n\t{text}\n"


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_a_response_or_one_known_error(document: bytes) -> None:
    try:
        read_response(document)
    except NotTheProtocol:
        pass


@given(st.text(alphabet="<>/&;!-[]CDATA ClientIntegrationResponse?x='\"\n", max_size=300))
def test_almost_xml_is_a_response_or_one_known_error(inside: str) -> None:
    document = f"<ClientIntegrationResponse>{inside}</ClientIntegrationResponse>"
    try:
        read_response(document.encode())
    except NotTheProtocol:
        pass


@pytest.mark.parametrize(
    "document", [b"<Other><Response/></Other>", b"<ClientIntegrationResponse/>"]
)
def test_xml_that_is_no_response_is_not_the_protocol(document: bytes) -> None:
    with pytest.raises(NotTheProtocol):
        read_response(document)

"""Bytes to documents, however the network cuts them."""

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from systmone.protocol.documents import MAXIMUM_BYTES
from systmone.protocol.errors import NotTheProtocol
from systmone.protocol.framing import DocumentReader

PLAIN = b"<ClientIntegrationResponse><Response/></ClientIntegrationResponse>"
PRETTY = (
    b"<?xml version='1.0' encoding='utf-8'?>\n<!-- <ClientIntegrationRequest> -->\n"
    b"<ClientIntegrationResponse>\n  <Response>\n    <Line>one\ntwo</Line>\n  </Response>\n"
    b"</ClientIntegrationResponse >"
)
MISLEADING = (
    "<ClientIntegrationResponse a='>'><Line>é <![CDATA[</ClientIntegrationResponse>\n]]></Line>"
    "<!-- </ClientIntegrationResponse> --><?x </ClientIntegrationResponse> ?>"
    "<ClientIntegrationResponses></ClientIntegrationResponses></ClientIntegrationResponse>"
).encode()
DOCUMENTS = st.lists(st.sampled_from([PLAIN, PRETTY, MISLEADING]), min_size=1, max_size=4)
GAPS = st.sampled_from([b"", b"\n", b"\r\n", b"  \n\n", b"\xef\xbb\xbf"])


def pieces(stream: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({cut % (len(stream) + 1) for cut in cuts})
    for start, end in zip([0, *places], [*places, len(stream)], strict=True):
        yield stream[start:end]


def feed(reader: DocumentReader, fragments: Iterable[bytes]) -> None:
    for fragment in fragments:
        reader.feed(fragment)


@given(DOCUMENTS, GAPS, st.lists(st.integers(min_value=0), max_size=40))
def test_documents_come_out_whole_in_any_fragmentation(
    documents: list[bytes], gap: bytes, cuts: list[int]
) -> None:
    stream = b"".join(gap + document for document in documents) + b"\n"
    reader = DocumentReader()

    received = [document for piece in pieces(stream, cuts) for document in reader.feed(piece)]

    assert [document.removeprefix(b"\xef\xbb\xbf").strip() for document in received] == documents


@given(DOCUMENTS)
def test_documents_come_out_whole_byte_by_byte(documents: list[bytes]) -> None:
    reader = DocumentReader()

    received = [
        document for byte in b"\n".join(documents) for document in reader.feed(bytes([byte]))
    ]

    assert [document.strip() for document in received] == documents


def test_a_document_needs_no_newline_after_it() -> None:
    assert DocumentReader().feed(PLAIN) == [PLAIN]


def test_a_document_that_has_not_ended_does_not_come_out() -> None:
    assert DocumentReader().feed(PLAIN[:-1]) == []


@pytest.mark.parametrize(
    "received",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"<html>",
        b"\xff\xfe<\x00C\x00",
        b"{}",
        b"<ClientIntegrationRequest>",
        b"<ClientIntegrationResponses>",
        b"<ClientIntegrationResponse/>",
        b"</ClientIntegrationResponse>",
        b"<!DOCTYPE ClientIntegrationResponse>",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>",
        b" " * 5000,
        b"<!-- endless " * 500,
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_what_does_not_begin_as_a_response_is_refused_at_once(received: bytes, size: int) -> None:
    with pytest.raises(NotTheProtocol):
        feed(DocumentReader(), (received[at : at + size] for at in range(0, len(received), size)))


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_arbitrary_bytes_give_documents_or_one_known_error(fragments: list[bytes]) -> None:
    reader = DocumentReader()
    try:
        for fragment in fragments:
            reader.feed(fragment)
    except NotTheProtocol:
        pass


@pytest.mark.parametrize(
    "filler",
    [
        pytest.param(b"x" * 65536, id="text"),
        pytest.param(b"<a>" * 20000, id="nesting"),
        pytest.param(b"</ClientIntegrationResponse " * 2000, id="unfinished-end-tags"),
        pytest.param(b"<!--" * 16000, id="comment"),
        pytest.param((b"<![CDATA[" + b"]" * 300 + b"]]>") * 200, id="sections"),
    ],
)
def test_200_megabytes_are_refused_in_bounded_memory_and_time(filler: bytes) -> None:
    started = time.process_time()
    tracemalloc.start()
    with pytest.raises(NotTheProtocol):
        feed(
            DocumentReader(),
            [b"<ClientIntegrationResponse>", *repeat(filler, 200 * 1024 * 1024 // len(filler))],
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * MAXIMUM_BYTES
    assert time.process_time() - started < 10  # a guard against work that grows with its square


def test_the_work_does_not_grow_with_the_number_of_fragments_times_their_sum() -> None:
    reader = DocumentReader()
    reader.feed(b"<ClientIntegrationResponse><!-- ")
    started = time.process_time()
    for _ in range(300_000):
        reader.feed(b"x")
    assert reader.feed(b"--></ClientIntegrationResponse>")
    assert time.process_time() - started < 5

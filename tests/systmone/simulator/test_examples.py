"""Every request that the specification shows, and every one seen in the wild, gets its answer."""

import re
from pathlib import Path

import pytest
from lxml import etree

from systmone.simulator import Outcome
from tests.systmone.simulator.raw import NUMBER, Answer, RawClient

EXAMPLES = sorted((Path(__file__).parents[1] / "vectors").glob("*-request*.xml"))
NEED_THEIR_OWN_UNIT = {
    # Paths on a Windows disk.
    "data-extract-request",
    "get-xsd-files-request",
    "update-file-attachment-request",
    "update-letter-request",
    # Staff, types, slots and UIDs of another unit.
    "delete-from-patient-record-request",
    "get-document-request",
    "observed-activity-request",
    "observed-case-note-request",
    "observed-event-request",
    "observed-letter-request",
    "observed-numeric-value-request",
    "observed-problem-request",
    "observed-task-request",
    "observed-visit-request",
    "update-clinical-code-and-linking-to-problems-request-1",
    "update-clinical-code-and-linking-to-problems-request-2",
    "update-clinical-code-and-linking-to-referral-request",
    "update-existing-appointment-request",
    "update-new-appointment-request",
    # Its Event is left empty, for the reader to fill.
    "update-patient-record-request",
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_answered(client: RawClient, example: Path) -> None:
    sent = example.read_bytes()
    sent = re.sub(rb"(<DeviceID>)[^<]*", rb"\g<1>" + client.device.encode(), sent)
    sent = re.sub(rb"(<N[Hh][Ss]Number>)\d+", rb"\g<1>" + NUMBER.encode(), sent)
    client.send(sent)
    answer = Answer(client.read())
    for tag in ("RequestUID", "Function"):
        expected = (etree.fromstring(sent).findtext(tag) or "").strip()
        assert answer.root.findtext(tag) == expected
    needs_another_unit = example.stem in NEED_THEIR_OWN_UNIT
    outcome = Outcome.REFUSED_PERMANENTLY if needs_another_unit else Outcome.ANSWERED
    assert client.simulator.journal.entries[-1].outcome == outcome, answer.refusal

"""LeaveRecordOpen in all its cases (section "Functions which retrieve patient records")."""

from collections.abc import Callable

import pytest

from systmone.simulator import Simulator
from tests.systmone.simulator.raw import IDENTITY, NUMBER, OPEN, RawClient, event, note

Opener = Callable[[Simulator, str], None]

READ = ("GetPatientRecord", IDENTITY)
NARRATIVE = "<Filter><Narrative/></Filter>"
WRITE = ("UpdatePatientRecord", IDENTITY + note("a new line"))
LINES = "Clinical/Event/Narrative/Line"


def other_patient(simulator: Simulator) -> str:
    return f"<Identity><NHSNumber>{simulator.numbers[1]}</NHSNumber></Identity>"


def lines(client: RawClient) -> list[str]:
    return client.call("GetPatientRecord", IDENTITY + NARRATIVE).texts(LINES)


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_closed_record_is_closed_again(client: RawClient, call: tuple[str, str]) -> None:
    assert client.call(*call).text("RecordState") == "Closed"
    assert client.call("IsPatientRetrieved").text("IsPatientRetrieved") == "false"


def test_a_write_without_the_tag_is_committed_at_once(client: RawClient) -> None:
    client.call(*WRITE)
    assert "a new line" in client.simulator.committed_lines(NUMBER)
    assert client.simulator.journal.entries[-1].committed


@pytest.mark.parametrize("opener", [Simulator.open_record, Simulator.retrieve_in_background])
def test_a_read_passes_by_a_user_and_leaves_the_record_open(
    client: RawClient, opener: Opener
) -> None:
    opener(client.simulator, NUMBER)
    assert client.call(*READ).text("RecordState") == "Open"
    assert client.call("IsPatientRetrieved").text("IsPatientRetrieved") == "true"


@pytest.mark.parametrize("opener", [Simulator.open_record, Simulator.retrieve_in_background])
def test_a_write_waits_for_a_user(client: RawClient, opener: Opener) -> None:
    opener(client.simulator, NUMBER)
    assert client.call(*WRITE).permanence == "false"
    assert "a new line" not in client.simulator.committed_lines(NUMBER)


def test_a_write_passes_when_the_user_has_closed_the_record(client: RawClient) -> None:
    client.simulator.open_record(NUMBER)
    client.simulator.discard_record()
    assert client.call(*WRITE).refusal == ("", "")


def test_a_read_with_the_tag_opens_the_record_for_the_user(client: RawClient) -> None:
    assert client.call(READ[0], IDENTITY + OPEN).text("RecordState") == "Open"
    shown = client.call("GetCurrentActivity")
    assert shown.text("Identity/NHSNumber") == NUMBER
    assert shown.texts("Activity")[0] == "Patient Actions"


def test_a_write_with_the_tag_is_seen_at_once_and_committed_when_saved(client: RawClient) -> None:
    answer = client.call(WRITE[0], WRITE[1] + OPEN)
    assert answer.text("RecordState") == "Open"
    assert answer.text("EventUID")
    assert "a new line" in lines(client)
    assert "a new line" not in client.simulator.committed_lines(NUMBER)
    assert not client.simulator.journal.of("UpdatePatientRecord")[-1].committed
    client.simulator.save_record()
    assert "a new line" in client.simulator.committed_lines(NUMBER)


def test_what_the_user_discards_is_gone(client: RawClient) -> None:
    client.call(WRITE[0], WRITE[1] + OPEN)
    client.simulator.discard_record()
    assert "a new line" not in lines(client)


def test_a_write_with_the_tag_joins_what_the_user_sees(client: RawClient) -> None:
    client.simulator.open_record(NUMBER)
    client.call(WRITE[0], WRITE[1] + OPEN)
    client.call(WRITE[0], IDENTITY + note("and another") + OPEN)
    assert lines(client)[-2:] == ["a new line", "and another"]


def test_a_write_without_the_tag_waits_for_an_earlier_one_with_it(client: RawClient) -> None:
    client.call(WRITE[0], WRITE[1] + OPEN)
    assert client.call(*WRITE).permanence == "false"


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_background_record_cannot_be_displayed(client: RawClient, call: tuple[str, str]) -> None:
    client.simulator.retrieve_in_background(NUMBER)
    assert client.call(call[0], call[1] + OPEN).permanence == "false"
    client.simulator.release_from_background(NUMBER)
    assert client.call(call[0], call[1] + OPEN).text("RecordState") == "Open"


def test_another_record_takes_the_place_of_one_without_changes(client: RawClient) -> None:
    client.call(READ[0], IDENTITY + OPEN)
    client.call(READ[0], other_patient(client.simulator) + OPEN)
    assert client.call("GetCurrentActivity").text("Identity/NHSNumber") != NUMBER
    assert client.call(*WRITE).text("RecordState") == "Closed"


def test_another_record_waits_for_unsaved_changes(client: RawClient) -> None:
    client.call(WRITE[0], WRITE[1] + OPEN)
    assert client.call(READ[0], other_patient(client.simulator) + OPEN).permanence == "false"
    assert client.call("LaunchFunctionality", other_patient(client.simulator)).permanence == "false"


def test_another_record_can_be_written_meanwhile(client: RawClient) -> None:
    client.simulator.open_record(NUMBER)
    update = other_patient(client.simulator) + note("elsewhere")
    assert client.call("UpdatePatientRecord", update).text("RecordState") == "Closed"


def test_a_failing_write_with_the_tag_opens_nothing(client: RawClient) -> None:
    bad = event("<Narrative><Line>x</Line></Narrative>", attributes='LinkedReferralUID="0"')
    assert client.call("UpdatePatientRecord", IDENTITY + bad + OPEN).permanence == "true"
    assert client.call("IsPatientRetrieved").text("IsPatientRetrieved") == "false"


def test_without_an_identity_the_open_record_is_meant(client: RawClient) -> None:
    assert client.call("GetPatientRecord").permanence == "true"
    client.simulator.open_record(NUMBER)
    assert client.call("GetPatientRecord").text("Identity/NHSNumber") == NUMBER
    assert client.call("UpdatePatientRecord", note("x")).permanence == "true"
    assert client.call("UpdatePatientRecord", note("x") + OPEN).text("RecordState") == "Open"

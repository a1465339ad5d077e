"""SystmOne took a note into a record that its user has open: nothing is kept until they save it."""

from collections.abc import Iterator

import pytest
from django.test import Client

from systmone.models import Call, Gateway, State
from tests.systmone.gateway.conftest import NHS_NUMBER, spoken
from tests.systmone.protocol.peer import answer, peer
from wards.models import User

INSIDE = (
    f"<Identity><NHSNumber>{NHS_NUMBER}</NHSNumber></Identity>"
    "<EventUID>f95ee04200000000</EventUID><RecordState>Open</RecordState>"
)


@pytest.fixture
def unsaved(gateway: Gateway, pushed: Call) -> Iterator[Call]:
    """A note that stands in a record which nobody has saved yet."""
    with peer(lambda request: answer(request, INSIDE, device=gateway.device_id)) as (port, _):
        Gateway.objects.update(port=port)
        gateway.refresh_from_db()
        yield spoken(gateway, pushed)


def test_a_note_in_an_open_record_is_not_taken_for_written(unsaved: Call) -> None:
    assert (unsaved.state, unsaved.attempts.count()) == (State.UNKNOWN, 1)
    assert unsaved.problem.startswith("the record is open there")


@pytest.mark.parametrize(
    ("decision", "state"), [("it_is_there", State.SUCCEEDED), ("send_again", State.QUEUED)]
)
def test_a_person_says_whether_it_was_saved(
    unsaved: Call, client: Client, sarah: User, decision: str, state: State
) -> None:
    client.force_login(sarah)
    address = f"/notes/{unsaved.note_id}/"
    assert "Save it, then say what you see." in client.get(address).content.decode()
    seen = {"call": unsaved.pk, "attempt": unsaved.attempts.get().pk, "decision": decision}
    client.post(f"{address}systmone/decide/", seen)
    unsaved.refresh_from_db()
    assert (unsaved.state, unsaved.decided_by) == (state, sarah)
    assert unsaved.uids == ["f95ee04200000000"]

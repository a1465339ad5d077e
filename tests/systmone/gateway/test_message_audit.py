"""The message audit: each attempt by its RequestUID, to lay beside SystmOne's own."""

import csv
import io
from uuid import uuid4

import pytest
from django.test import Client

from audit.models import AuditEvent
from systmone import gateways
from systmone.message_documents import HIDDEN, readable
from systmone.models import Attempt, Call, Gateway
from systmone.simulator import Simulator
from tests.factories import WardFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import SETUP, spoken
from wards.models import Role, Stay, Ward

LIST = "/admin/systmone/attempt/"


@pytest.fixture
def sent(gateway: Gateway, pushed: Call) -> Attempt:
    """An attempt that SystmOne answered."""
    return spoken(gateway, pushed).attempts.get()


@pytest.fixture
def senior(client: Client, transactional_db: None) -> Client:
    client.force_login(senior_admin(name="Samir Patel"))
    return client


def rows(answer: object) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_it_lists_what_systmones_own_audit_has_under_the_same_uid(
    senior: Client, sent: Attempt, simulator: Simulator
) -> None:
    [row] = rows(senior.get(f"{LIST}export/"))
    [entry] = simulator.journal.entries
    assert row["RequestUID"] == entry.request_uid == str(sent.call_id)
    assert (row["Function"], row["Outcome"]) == (entry.function, "Answered")
    assert row["Gateway"] == "Byron's PC"
    assert float(row["Seconds"]) >= 0
    assert AuditEvent.objects.filter(action="attempts.export", detail__count=1).exists()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"q": "{uid}"}, 1),
        ({"q": str(uuid4())}, 0),
        ({"q": "nonsense"}, 0),
        ({"gateway__id__exact": "{gateway}"}, 1),
        ({"gateway__id__exact": "{other}"}, 0),
        ({"outcome__exact": "refused"}, 0),
        ({"started_at__year": "1999"}, 0),
    ],
)
def test_it_is_searched_and_filtered_and_so_is_its_file(
    senior: Client, sent: Attempt, question: dict[str, str], found: int
) -> None:
    other = Gateway(name="PC 2", port=40_999, api_key="any")
    gateways.add(gateway=other, wards=[], by=SETUP)
    facts = {"uid": sent.call_id, "gateway": sent.gateway_id, "other": other.pk}
    asked = {name: value.format(**facts) for name, value in question.items()}
    assert senior.get(LIST, asked).context["cl"].result_count == found
    assert len(rows(senior.get(f"{LIST}export/", asked))) == found


def test_a_question_that_makes_no_sense_is_refused(senior: Client, sent: Attempt) -> None:
    assert senior.get(f"{LIST}export/", {"started_at__year": "x"}).status_code == 400


def test_neither_list_nor_file_nor_page_holds_content(
    senior: Client, sent: Attempt, stay: Stay
) -> None:
    pages = [LIST, f"{LIST}export/", f"{LIST}{sent.pk}/change/"]
    for page in pages:
        text = senior.get(page).content.decode()
        assert str(sent.call_id) in text
        for secret in ("Slept well", stay.patient.nhs_number, stay.patient.surname):
            assert secret not in text


def test_a_ward_admin_sees_the_messages_of_their_ward_alone(
    client: Client, sent: Attempt, byron: Ward
) -> None:
    for ward, found in ((byron, 1), (WardFactory.create(), 0)):
        client.force_login(member_of(ward, role=Role.WARD_ADMIN))
        assert len(rows(client.get(f"{LIST}export/"))) == found
        assert client.get(f"{LIST}{sent.pk}/documents/").status_code == 403


def test_a_senior_admin_sees_the_documents_and_the_look_is_written_down(
    senior: Client, sent: Attempt, stay: Stay
) -> None:
    html = senior.get(f"{LIST}{sent.pk}/documents/").content.decode()
    assert "Slept well." in html
    assert "ClientIntegrationResponse" in html
    for secret in ("f31e26725b5491f2", sent.gateway.device_id):
        assert secret not in html
    look = AuditEvent.objects.filter(action="patient.view", actor_name="Samir Patel").get()
    assert look.object_id == str(stay.patient_id)
    assert look.detail == {"call": str(sent.call_id), "page": "SystmOne documents"}


def test_a_look_at_what_concerns_no_patient_is_written_down_too(
    senior: Client, sent: Attempt
) -> None:
    Call.objects.update(patient=None)
    senior.get(f"{LIST}{sent.pk}/documents/")
    assert AuditEvent.objects.filter(action="call.documents").get().object_id == str(sent.call_id)


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ("", ""),
        ("HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"),
        ("<A><APIKey>secret</APIKey></A>", f"<A>\n  <APIKey>{HIDDEN}</APIKey>\n</A>"),
    ],
)
def test_documents_are_laid_out_and_hide_what_opens_systmone(document: str, shown: str) -> None:
    assert readable(document) == shown

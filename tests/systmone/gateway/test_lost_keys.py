"""A key of HUB_ENCRYPTION_KEYS that was lost stops what needs it, says so, and harms nothing."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from systmone import dispatcher, gateways
from systmone.case_notes import call_of, push
from systmone.jobs import sweep
from systmone.models import Call, Gateway, State
from systmone.simulator import Simulator
from tests.factories import PatientFactory, WardFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import SETUP, WriteNote, spoken
from wards import admissions, case_notes
from wards.actors import person
from wards.encryption import Sealed
from wards.models import User


@pytest.fixture
def lost(settings: Settings, pushed: Call) -> list[str]:
    """The old keys; what was kept until now is encrypted with one that the Hub no longer has."""
    old: list[str] = settings.HUB_ENCRYPTION_KEYS
    settings.HUB_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    return old


def test_its_gateway_is_stopped_with_a_sentence_and_the_call_waits(
    gateway: Gateway, pushed: Call, lost: list[str], simulator: Simulator
) -> None:
    assert not dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
    gateway.refresh_from_db()
    pushed.refresh_from_db()
    assert "HUB_ENCRYPTION_KEYS lacks the key" in gateway.stopped_because
    assert pushed.state == State.QUEUED
    assert not simulator.journal.entries


def test_with_the_old_key_again_it_goes_on(
    gateway: Gateway, pushed: Call, lost: list[str], settings: Settings
) -> None:
    dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
    settings.HUB_ENCRYPTION_KEYS = [*settings.HUB_ENCRYPTION_KEYS, *lost]
    gateways.switch_on(gateway=gateway, by=SETUP)
    assert spoken(gateway, pushed).state == State.SUCCEEDED


@pytest.fixture
def key_entered_anew(gateway: Gateway, lost: list[str]) -> None:
    """The key is lost for good, and a senior admin has entered the API key again."""
    gateway.api_key = "f31e26725b5491f2"
    gateway.save(update_fields=["api_key"])


@pytest.mark.usefixtures("key_entered_anew")
def test_where_it_is_lost_for_good_what_waits_has_failed_and_what_comes_goes_out(
    gateway: Gateway, pushed: Call, write: WriteNote, sarah: User, simulator: Simulator
) -> None:
    later = push(note=write("Ate breakfast."), by=person(sarah))
    assert spoken(gateway, later).state == State.SUCCEEDED
    pushed.refresh_from_db()
    assert pushed.state == State.FAILED
    assert "It was not sent: do it again." in pushed.problem
    assert pushed.note is not None
    again = push(note=pushed.note, by=person(sarah))
    assert spoken(gateway, again).state == State.SUCCEEDED
    assert len(simulator.journal.entries) == 2


def test_where_it_is_lost_for_good_a_person_looks_for_what_was_under_way(
    gateway: Gateway, pushed: Call, key_entered_anew: None, simulator: Simulator
) -> None:
    pushed.attempts.create(gateway=gateway, fence=1, started_at=timezone.now())
    Call.objects.update(state=State.SENDING)
    assert spoken(gateway, pushed).state == State.UNKNOWN
    assert "HUB_ENCRYPTION_KEYS lacks the key" in pushed.problem
    assert not simulator.journal.entries


def test_the_other_gateways_speak_and_their_calls_end_in_time(
    gateway: Gateway, pushed: Call, lost: list[str], simulator: Simulator
) -> None:
    shelley = WardFactory.create(name="Shelley")
    other = Gateway.objects.get()
    other.pk, other.name, other.host, other.api_key = None, "Shelley's PC", "localhost", "any"
    gateways.add(gateway=other, wards=[shelley], by=SETUP)
    nurse = person(member_of(shelley))
    patient = PatientFactory.create(nhs_number=simulator.numbers[1])
    stay = admissions.admit(patient=patient, ward=shelley, by=nurse)
    note, late = (case_notes.write(stay=stay, text=text, by=nurse) for text in ("One.", "Two."))
    push(note=late, by=nurse)
    Call.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    sent = push(note=note, by=nurse)
    dispatcher.expire_what_waited_too_long(timezone.now())
    sweep.apply()
    assert spoken(other, sent).state == State.SUCCEEDED
    expired = call_of(late)
    assert expired is not None
    assert expired.state == State.FAILED


def test_what_cannot_be_read_shows_as_empty_and_is_stored_again_as_it_was(
    gateway: Gateway, lost: list[str], settings: Settings
) -> None:
    unread = Gateway.objects.get()
    assert isinstance(unread.api_key, Sealed)
    unread.save()
    settings.HUB_ENCRYPTION_KEYS = lost
    assert Gateway.objects.get().api_key == "f31e26725b5491f2"


def test_the_pages_of_gateways_and_notes_open(
    client: Client, gateway: Gateway, pushed: Call, lost: list[str]
) -> None:
    client.force_login(senior_admin())
    for page in ("gateway/", f"gateway/{gateway.pk}/change/", f"call/{pushed.pk}/change/"):
        assert client.get(f"/admin/systmone/{page}").status_code == 200
    assert client.get(f"/notes/{pushed.note_id}/").status_code == 200

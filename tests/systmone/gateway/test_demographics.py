"""What SystmOne says of a linked patient waits for a person, who decides field by field."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from systmone import demographics, links
from systmone.demographics import ASKED_EVERY
from systmone.found import Found
from systmone.models import Attempt, Call, Gateway, Link, Lookup, Priority, State
from systmone.protocol.client import Client as SystmOne
from systmone.protocol.client import Settings
from systmone.protocol.devices import MemoryDeviceStore
from systmone.protocol.functions import UpdatePatientRecord
from systmone.protocol.identity import Identity
from systmone.protocol.record.people import Demographics
from systmone.protocol.throttle import Limits
from systmone.simulator import Simulator
from tests.factories import WardFactory, member_of
from tests.systmone.gateway.conftest import NHS_NUMBER, befalls, spoken
from tests.threads import at_once
from wards import discharges
from wards.actors import person
from wards.models import Patient, Role, Stay, StayEvent, User, Ward


@pytest.fixture
def known(simulator: Simulator) -> Patient:
    """The patient as SystmOne knows them; not saved."""
    said = simulator.committed(NHS_NUMBER).find("Demographics")
    assert said is not None
    return Patient(
        first_name=said.findtext("FirstName", ""),
        surname=said.findtext("Surname", ""),
        preferred_name=said.findtext("KnownAs", ""),
        date_of_birth=said.findtext("DateOfBirth", ""),
        sex=said.findtext("Sex", ""),
    )


@pytest.fixture
def link(stay: Stay, sarah: User, known: Patient, gateway: Gateway) -> Link:
    """The link of a patient of whom the Hub knows what SystmOne knows."""
    same = {name: getattr(known, name) for name in demographics.LABELS}
    Patient.objects.filter(pk=stay.patient_id).update(**same)
    stay.patient.refresh_from_db()
    return links.link(stay=stay, found=Found(nhs_number=NHS_NUMBER), by=person(sarah))


@pytest.fixture
def page(client: Client, sarah: User) -> Client:
    client.force_login(sarah)
    return client


@pytest.fixture
def systmone(simulator: Simulator, gateway: Gateway) -> Iterator[SystmOne]:
    """SystmOne itself, as somebody works there."""
    settings = Settings(
        api_key="f31e26725b5491f2",
        port=simulator.port,
        limits=Limits(between_requests=0, between_records=0),
    )
    with SystmOne(settings, MemoryDeviceStore(simulator.register_device())) as client:
        yield client


def say(systmone: SystmOne, **said: Any) -> None:
    """Change what SystmOne says of the patient."""
    changed = Demographics(**said)
    systmone.call(
        UpdatePatientRecord(identity=Identity(nhs_number=NHS_NUMBER), demographics=changed)
    )


def ask(link: Link, stay: Stay, by: User, gateway: Gateway) -> Call:
    return spoken(gateway, demographics.ask_now(link=link, stay=stay, by=person(by)))


def text_of(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def own(stay: Stay, path: str = "") -> str:
    return f"/patients/{stay.patient_id}/systmone/{path}"


class TestAskedWhileAPersonWaits:
    def test_what_is_the_same_is_said_to_be_the_same(
        self, page: Client, link: Link, stay: Stay, gateway: Gateway
    ) -> None:
        page.post(own(stay, "ask/"))
        call = Call.objects.get()
        assert call.priority == Priority.PERSON_WAITS
        assert not call.takes_record_slot  # demographics alone are not throttled
        assert f'hx-get="{own(stay, "state/")}"' in text_of(page, own(stay))
        spoken(gateway, call)
        assert "are the same here and there" in text_of(page, own(stay))
        assert "hx-get" not in text_of(page, own(stay, "state/"))

    def test_differences_are_shown_and_one_of_them_is_taken_over(
        self,
        *,
        page: Client,
        link: Link,
        stay: Stay,
        gateway: Gateway,
        systmone: SystmOne,
        sarah: User,
    ) -> None:
        before = stay.patient.first_name
        say(systmone, surname="Quill-Smith", first_name="Bea")
        ask(link, stay, sarah, gateway)
        shown = text_of(page, own(stay))
        assert "Surname: Quill-Smith in SystmOne" in shown
        assert "says otherwise about 2 details" in text_of(page, f"/patients/{stay.patient_id}/")
        link.refresh_from_db()
        key = next(
            one.key for one in demographics.differences(stay, link) if one.field == "surname"
        )
        page.post(own(stay), {"chosen": [key], "decision": "take_over"})
        stay.patient.refresh_from_db()
        assert (stay.patient.surname, stay.patient.first_name) == ("Quill-Smith", before)
        event = StayEvent.objects.latest("pk")
        assert (event.action, event.by) == (StayEvent.Action.EDIT, sarah)
        taken = AuditEvent.objects.get(action="systmone.take_over")
        assert taken.detail == {"fields": ["surname"]}

    def test_what_is_set_aside_is_shown_again_only_once_it_is_another(
        self, *, page: Client, link: Link, stay: Stay, gateway: Gateway, systmone: SystmOne
    ) -> None:
        sarah = link.linked_by
        say(systmone, surname="Quill-Smith")
        ask(link, stay, sarah, gateway)
        link.refresh_from_db()
        (one,) = demographics.differences(stay, link)
        page.post(own(stay), {"chosen": [one.key], "decision": "set_aside"})
        link.refresh_from_db()
        assert demographics.differences(stay, link) == []
        ask(link, stay, sarah, gateway)
        link.refresh_from_db()
        assert demographics.differences(stay, link) == []
        say(systmone, surname="Smith")
        ask(link, stay, sarah, gateway)
        link.refresh_from_db()
        (another,) = demographics.differences(stay, link)
        assert another.there == "Smith"

    @pytest.mark.parametrize("sent", [{}, {"chosen": ["x"], "decision": "take_over"}])
    def test_nothing_ticked_or_something_else_changes_nothing(
        self,
        *,
        page: Client,
        link: Link,
        stay: Stay,
        gateway: Gateway,
        systmone: SystmOne,
        sent: dict[str, object],
    ) -> None:
        say(systmone, surname="Quill-Smith")
        ask(link, stay, link.linked_by, gateway)
        before = Stay.objects.get().version
        assert page.post(own(stay), sent).status_code == 422
        assert Stay.objects.get().version == before

    def test_what_somebody_edited_meanwhile_is_not_overwritten(
        self, *, page: Client, link: Link, stay: Stay, gateway: Gateway, systmone: SystmOne
    ) -> None:
        say(systmone, surname="Quill-Smith")
        ask(link, stay, link.linked_by, gateway)
        link.refresh_from_db()
        (one,) = demographics.differences(stay, link)
        Patient.objects.update(surname="Quillsmith")
        answer = page.post(own(stay), {"chosen": [one.key], "decision": "take_over"})
        assert "Something has changed meanwhile" in answer.content.decode()
        assert Patient.objects.get().surname == "Quillsmith"

    def test_a_name_that_the_hub_cannot_hold_is_not_taken_over(
        self, *, page: Client, link: Link, stay: Stay, gateway: Gateway, systmone: SystmOne
    ) -> None:
        say(systmone, surname="Q" * 90)
        ask(link, stay, link.linked_by, gateway)
        link.refresh_from_db()
        (one,) = demographics.differences(stay, link)
        answer = page.post(own(stay), {"chosen": [one.key], "decision": "take_over"})
        assert answer.status_code == 422
        assert "Edit it by hand." in answer.content.decode()

    def test_capitals_and_what_systmone_does_not_know_are_no_differences(
        self, link: Link, stay: Stay, gateway: Gateway, systmone: SystmOne
    ) -> None:
        say(systmone, surname=stay.patient.surname.upper())
        ask(link, stay, link.linked_by, gateway)
        link.refresh_from_db()
        link.said = json.dumps({**json.loads(link.said), "sex": "U"})
        assert demographics.differences(stay, link) == []

    def test_the_answer_itself_is_not_kept_beside_it(
        self, link: Link, stay: Stay, gateway: Gateway
    ) -> None:
        call = ask(link, stay, link.linked_by, gateway)
        assert call.parameters == ""
        assert Attempt.objects.get(call=call).response == ""


class TestABadDay:
    def test_a_patient_whom_systmone_does_not_have_is_told_in_its_words(
        self, page: Client, link: Link, stay: Stay, gateway: Gateway
    ) -> None:
        Patient.objects.update(nhs_number="9434765870")
        Link.objects.update(number="9434765870")
        stay.patient.refresh_from_db()
        assert ask(link, stay, link.linked_by, gateway).state == State.FAILED
        assert "SystmOne says: “" in text_of(page, own(stay))

    def test_an_answer_about_another_number_is_not_taken(
        self, page: Client, link: Link, stay: Stay, gateway: Gateway
    ) -> None:
        call = demographics.ask_now(link=link, stay=stay, by=person(link.linked_by))
        Link.objects.update(number="9434765870")
        Patient.objects.update(nhs_number="9434765870")
        spoken(gateway, call)
        assert "did not answer about this patient" in text_of(page, own(stay))
        assert Link.objects.get().said == ""

    def test_a_number_that_changed_ends_the_link(
        self, page: Client, link: Link, stay: Stay
    ) -> None:
        Patient.objects.update(nhs_number="9434765870")
        assert links.link_of(stay.patient_id) is None
        assert "Nobody has confirmed" in text_of(page, own(stay))

    def test_a_gateway_that_is_off_is_told_at_once(
        self, page: Client, link: Link, stay: Stay
    ) -> None:
        Gateway.objects.update(is_on=False)
        answer = page.post(own(stay, "ask/"), follow=True)
        assert "the gateway is switched off" in answer.content.decode()
        assert not Call.objects.exists()

    def test_people_of_other_wards_see_nothing(
        self, client: Client, link: Link, stay: Stay
    ) -> None:
        client.force_login(member_of(WardFactory.create()))
        for path in ("", "state/"):
            assert client.get(own(stay, path)).status_code == 404
        for path in ("ask/", "find/", "unlink/"):
            assert client.post(own(stay, path)).status_code == 404


class TestFromThePatientsPage:
    def test_they_are_found_by_their_number_compared_and_linked(
        self, page: Client, stay: Stay, gateway: Gateway
    ) -> None:
        assert "Find them in SystmOne" in text_of(page, f"/patients/{stay.patient_id}/")
        address = page.post(own(stay, "find/"))["Location"]
        spoken(gateway, Call.objects.get())
        assert f"{address}0/link/" in text_of(page, address)
        born = f"{stay.patient.date_of_birth:%d %b %Y}"
        ticked = [f"{stay.patient.name}, born {born}", "NHS number 943 476 5919"]
        assert page.post(f"{address}0/link/", {"identifiers": ticked})["Location"] == own(stay)
        assert Link.objects.get().asked
        assert not Lookup.objects.exists()

    def test_who_has_no_number_is_told_what_to_do(
        self, page: Client, stay: Stay, gateway: Gateway
    ) -> None:
        Patient.objects.update(nhs_number="")
        answer = page.post(own(stay, "find/"), follow=True)
        assert "The patient has no NHS number yet" in answer.content.decode()

    def test_who_is_not_in_systmone_is_told_in_its_words(
        self, page: Client, stay: Stay, gateway: Gateway
    ) -> None:
        Patient.objects.update(nhs_number="9434765870")
        address = page.post(own(stay, "find/"))["Location"]
        spoken(gateway, Call.objects.get())
        assert "SystmOne says: “" in text_of(page, address)

    def test_linked_by_two_at_once_there_is_one_link(self, stay: Stay, gateway: Gateway) -> None:
        found, people = Found(nhs_number=NHS_NUMBER), [member_of(stay.ward) for _ in range(2)]
        linked = at_once(
            *(lambda who=who: links.link(stay=stay, found=found, by=person(who)) for who in people)
        )
        assert {type(one) for one in linked} == {Link}
        assert Link.objects.count() == 1

    def test_a_wrong_link_is_taken_back(self, page: Client, link: Link, stay: Stay) -> None:
        page.post(own(stay, "unlink/"))
        assert not Link.objects.exists()
        assert AuditEvent.objects.filter(action="systmone.unlink").exists()


class TestInTheBackground:
    def test_each_is_asked_about_once_a_day_after_everything_else(
        self, link: Link, stay: Stay, gateway: Gateway
    ) -> None:
        now = timezone.now()
        for at in (now, now + timedelta(hours=1)):
            demographics.ask_what_is_due(at)
        call = Call.objects.get()
        assert (call.priority, call.takes_record_slot) == (Priority.BACKGROUND, False)
        spoken(gateway, call)
        demographics.ask_what_is_due(now + ASKED_EVERY)
        assert Call.objects.count() == 2

    def test_only_some_at_a_time(
        self, link: Link, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(demographics, "AT_A_TIME", 0)
        demographics.ask_what_is_due(timezone.now())
        assert not Call.objects.exists()

    @pytest.mark.parametrize(
        "state", [{"is_on": False}, {"test_patients_only": True}], ids=["off", "tests only"]
    )
    def test_nobody_is_asked_about_where_nothing_may_go_out(
        self, link: Link, state: dict[str, bool]
    ) -> None:
        Gateway.objects.update(**state)
        demographics.ask_what_is_due(timezone.now())
        assert not Call.objects.exists()

    def test_who_waits_is_not_kept_waiting_by_it(
        self, page: Client, link: Link, stay: Stay
    ) -> None:
        demographics.ask_what_is_due(timezone.now())
        page.post(own(stay, "ask/"))
        assert set(Call.objects.values_list("priority", flat=True)) == {1, 2}

    def test_of_somebody_who_leaves_nothing_that_was_said_is_kept(
        self, link: Link, stay: Stay, byron: Ward, gateway: Gateway
    ) -> None:
        ask(link, stay, link.linked_by, gateway)
        manager = person(member_of(byron, role=Role.WARD_ADMIN))
        begun = discharges.start(stay=stay, by=person(link.linked_by))
        for item in begun.checks.filter(is_required=True):
            discharges.check(item=item, by=manager)
        discharges.confirm(discharge=begun, by=manager)
        link.refresh_from_db()
        assert (link.said, link.said_at, link.asked_at) == ("", None, None)

    def test_somebody_who_left_is_not_asked_about(
        self, link: Link, byron: Ward, stay: Stay
    ) -> None:
        Stay.objects.update(status="discharged", discharged_at=timezone.now())
        demographics.ask_what_is_due(timezone.now())
        assert not Call.objects.exists()


def test_a_fault_on_the_way_is_asked_again(
    link: Link, stay: Stay, gateway: Gateway, simulator: Simulator
) -> None:
    befalls(simulator, "cut-before-answer,function=GetPatientRecord,count=1")
    assert ask(link, stay, link.linked_by, gateway).state == State.SUCCEEDED
    assert Link.objects.get().said_at

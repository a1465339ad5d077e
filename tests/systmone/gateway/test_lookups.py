"""A nurse looks for a patient in SystmOne and waits; what is found lasts no longer than needed."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from audit.models import AuditEvent
from systmone import dispatcher, person_lookups
from systmone.models import Attempt, Call, Gateway, Link, Lookup, Priority, State
from systmone.person_lookups import KEPT_FOR
from systmone.simulator import Simulator
from tests.factories import PatientFactory, WardFactory, member_of, senior_admin
from tests.systmone.gateway.conftest import NHS_NUMBER, befalls, spoken
from wards import admissions
from wards.actors import person
from wards.models import Patient, Stay, User, Ward

FORM = "/wards/byron/systmone/patients/"


@pytest.fixture
def known(simulator: Simulator) -> dict[str, str]:
    """What SystmOne knows of the patient."""
    said = simulator.committed(NHS_NUMBER).find("Demographics")
    assert said is not None
    year, month, day = said.findtext("DateOfBirth", "").split("-")
    return {
        "surname": said.findtext("Surname", ""),
        "first_name": said.findtext("FirstName", ""),
        "date_of_birth_0": day,
        "date_of_birth_1": month,
        "date_of_birth_2": year,
    }


@pytest.fixture
def page(client: Client, sarah: User, gateway: Gateway) -> Client:
    client.force_login(sarah)
    return client


def text_of(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def looked_up(page: Client, facts: dict[str, str]) -> str:
    """Send the form; return the address of the lookup."""
    answer = page.post(FORM, facts)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def found(page: Client, facts: dict[str, str], gateway: Gateway) -> str:
    """The same, once SystmOne has answered."""
    address = looked_up(page, facts)
    spoken(gateway, Call.objects.latest("created_at"))
    return address


def kept_of_the_search() -> str:
    """Return all that the database keeps of what was asked and answered."""
    calls = Call.objects.filter(function="PatientSearch")
    attempts = Attempt.objects.filter(call__in=calls)
    return "".join(
        [*(call.parameters + call.words for call in calls)]
        + [one.request + one.response for one in attempts]
    )


class TestLooking:
    def test_a_patient_is_found_while_the_nurse_waits(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        address = looked_up(page, known)
        waiting = text_of(page, address)
        assert "SystmOne is asked" in waiting
        assert f'hx-get="{address}state/"' in waiting
        assert f'href="{address}"' in waiting  # for a browser without JavaScript
        spoken(gateway, Call.objects.get())
        shown = text_of(page, f"{address}state/")
        assert "943 476 5919" in shown
        assert "hx-get" not in shown

    def test_it_overtakes_what_waits_in_the_background(
        self, page: Client, known: dict[str, str]
    ) -> None:
        looked_up(page, known)
        assert Call.objects.get().priority == Priority.PERSON_WAITS

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({}, "Fill in at least two"),
            ({"surname": "Quill"}, "Fill in at least two"),
            ({"surname": "Quill", "post_code": "LS185TN"}, "Type it as LS18 5TN"),
            ({"surname": "Qu\x07ill", "first_name": "B"}, "cannot be seen"),
            ({"surname": "Quill", "date_of_birth_0": "31"}, "Type a day, a month and a year"),
        ],
    )
    def test_what_systmone_would_not_take_is_told_at_once_and_stays_typed(
        self, page: Client, facts: dict[str, str], sentence: str
    ) -> None:
        answer = page.post(FORM, facts)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Call.objects.exists()

    def test_nobody_is_found_and_it_says_so(self, page: Client, gateway: Gateway) -> None:
        address = found(page, {"surname": "Nobody", "first_name": "At all"}, gateway)
        assert "SystmOne knows nobody of whom all this is true" in text_of(page, address)

    def test_of_too_many_the_first_are_shown_and_it_says_so(
        self, page: Client, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("systmone.lookup_views.MOST_SHOWN", 2)
        shown = text_of(page, found(page, {"gender": "F", "post_code": "ZZ99"}, gateway))
        assert "These are the first 2; there are more" in shown

    def test_it_takes_as_many_queries_however_many_are_found(
        self, page: Client, gateway: Gateway, known: dict[str, str]
    ) -> None:
        counted = []
        for facts in (known, {"gender": "F", "post_code": "ZZ99"}):
            address = found(page, facts, gateway)
            with CaptureQueriesContext(connection) as queries:
                text_of(page, address)
            counted.append(len(queries))
        assert len(set(counted)) == 1

    def test_each_look_is_in_the_audit_log_without_a_name(
        self, page: Client, known: dict[str, str], gateway: Gateway, sarah: User
    ) -> None:
        address = found(page, known, gateway)
        text_of(page, address)
        (event,) = AuditEvent.objects.filter(action="systmone.lookup")
        assert (event.actor_name, event.ward) == ("Sarah Johnson", "Byron")
        assert event.detail["found"] == 1
        assert known["surname"] not in str(event.detail)


class TestABadDay:
    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            ({"is_on": False}, "the gateway is switched off"),
            (
                {"stopped_at": timezone.now(), "stopped_because": "SystmOne blocks the Hub."},
                "SystmOne blocks the Hub.",
            ),
        ],
    )
    def test_a_gateway_that_does_not_speak_is_told_at_once(
        self, page: Client, known: dict[str, str], state: dict[str, object], sentence: str
    ) -> None:
        Gateway.objects.update(**state)
        answer = page.post(FORM, known)
        assert sentence in answer.content.decode()
        assert known["surname"] in answer.content.decode()
        assert not Call.objects.exists()

    def test_nobody_there_is_told_while_the_nurse_waits_and_ends(
        self, page: Client, known: dict[str, str], gateway: Gateway, simulator: Simulator
    ) -> None:
        simulator.stop()
        address = looked_up(page, known)
        dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
        assert "No answer yet: " in text_of(page, address)
        Call.objects.update(deadline=timezone.now())
        assert "did not answer in time" in text_of(page, address)
        dispatcher.expire_what_waited_too_long(timezone.now())
        assert "Look again, or type what you know." in text_of(page, address)

    def test_blocked_while_the_nurse_waits(
        self, page: Client, known: dict[str, str], gateway: Gateway, simulator: Simulator
    ) -> None:
        simulator.devices.block(gateway.device_id)
        address = looked_up(page, known)
        dispatcher.speak(gateway_id=gateway.pk, seconds=1, lingers=0)
        assert "SystmOne cannot be asked now" in text_of(page, address)

    def test_systmone_refuses_in_its_own_words(
        self, page: Client, known: dict[str, str], gateway: Gateway, simulator: Simulator
    ) -> None:
        befalls(simulator, "permanent-error,function=PatientSearch,count=1")
        assert "SystmOne says: “" in text_of(page, found(page, known, gateway))


class TestWhoSeesIt:
    def test_nobody_else_on_the_ward(
        self, page: Client, known: dict[str, str], gateway: Gateway, byron: Ward
    ) -> None:
        address = found(page, known, gateway)
        other = Client()
        other.force_login(member_of(byron))
        for path in ("", "state/", "0/link/"):
            assert other.get(f"{address}{path}").status_code == 404

    def test_not_the_same_person_in_another_session(
        self, page: Client, known: dict[str, str], gateway: Gateway, sarah: User
    ) -> None:
        address = found(page, known, gateway)
        other = Client()
        other.force_login(sarah)
        assert other.get(address).status_code == 404

    def test_not_who_has_left_the_ward(
        self, page: Client, known: dict[str, str], gateway: Gateway, sarah: User
    ) -> None:
        address = found(page, known, gateway)
        sarah.memberships.all().delete()
        assert page.get(address).status_code == 404

    def test_nobody_after_the_session_has_ended(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        address = found(page, known, gateway)
        page.session.flush()
        assert page.get(address).status_code == 302

    @pytest.mark.parametrize("tier", ["light", "medium", "max"])
    def test_nobody_in_another_tier(
        self,
        *,
        page: Client,
        known: dict[str, str],
        gateway: Gateway,
        settings: Settings,
        tier: str,
    ) -> None:
        address = found(page, known, gateway)
        settings.HUB_TIER = tier
        for path in (FORM, address, f"{address}state/", f"{address}0/link/"):
            assert page.get(path).status_code == 404

    def test_a_ward_without_a_gateway_has_no_such_page(self, client: Client, byron: Ward) -> None:
        client.force_login(member_of(WardFactory.create(name="Keats")))
        assert client.get("/wards/keats/systmone/patients/").status_code == 404

    def test_not_a_senior_admin_in_the_message_audit(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        found(page, known, gateway)
        other = Client()
        other.force_login(senior_admin())
        attempt = Attempt.objects.get()
        shown = text_of(other, f"/admin/systmone/attempt/{attempt.pk}/documents/")
        assert "Only they see it" in shown
        assert known["surname"] not in shown


class TestItIsForgotten:
    def test_at_sign_out(self, page: Client, known: dict[str, str], gateway: Gateway) -> None:
        found(page, known, gateway)
        assert known["surname"] in kept_of_the_search()
        page.post("/account/sign-out/")
        assert not Lookup.objects.exists()
        assert kept_of_the_search() == ""

    def test_before_it_is_sent_at_sign_out(self, page: Client, known: dict[str, str]) -> None:
        looked_up(page, known)
        page.post("/account/sign-out/")
        assert Call.objects.get().state == State.CANCELLED
        assert kept_of_the_search() == ""

    def test_when_the_answer_comes_after_the_sign_out(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        looked_up(page, known)
        Call.objects.update(state=State.SENDING)  # it is on its way as she signs out
        page.post("/account/sign-out/")
        assert Lookup.objects.get().session == ""
        Call.objects.update(state=State.QUEUED)
        assert spoken(gateway, Call.objects.get()).state == State.SUCCEEDED
        assert not Lookup.objects.exists()
        assert kept_of_the_search() == ""

    def test_after_its_time(self, page: Client, known: dict[str, str], gateway: Gateway) -> None:
        address = found(page, known, gateway)
        Lookup.objects.update(looked_at=timezone.now() - KEPT_FOR)
        assert page.get(address).status_code == 404
        person_lookups.forget_old_ones(timezone.now())
        assert not Lookup.objects.exists()
        assert kept_of_the_search() == ""

    def test_also_what_a_program_searched(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        found(page, known, gateway)
        Lookup.objects.all().delete()
        person_lookups.forget_old_ones(timezone.now() + KEPT_FOR + timedelta(seconds=1))
        assert kept_of_the_search() == ""

    def test_not_while_it_is_needed(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        address = found(page, known, gateway)
        person_lookups.forget_old_ones(timezone.now())
        assert "943 476 5919" in text_of(page, address)


class TestLinking:
    def ticked(self, patient: Patient) -> dict[str, list[str]]:
        born = f"{patient.date_of_birth:%d %b %Y}"
        number = f"NHS number {patient.nhs_number_in_words}"
        return {"identifiers": [f"{patient.name}, born {born}", number]}

    def test_who_has_the_same_number_is_linked_once_a_person_has_compared_them(
        self, page: Client, known: dict[str, str], gateway: Gateway, stay: Stay, sarah: User
    ) -> None:
        address = found(page, known, gateway)
        assert f"{address}0/link/" in text_of(page, address)
        assert page.post(f"{address}0/link/", {}).status_code == 422
        assert not Link.objects.exists()
        page.post(f"{address}0/link/", self.ticked(stay.patient))
        link = Link.objects.get()
        assert (link.patient, link.number, link.linked_by) == (stay.patient, NHS_NUMBER, sarah)
        assert AuditEvent.objects.filter(action="systmone.link").exists()
        assert kept_of_the_search() == ""

    def test_who_has_another_number_cannot_be_linked(
        self, page: Client, known: dict[str, str], gateway: Gateway, stay: Stay
    ) -> None:
        Patient.objects.update(nhs_number="9434765870")
        address = found(page, known, gateway)
        assert "link/" not in text_of(page, address)
        assert page.get(f"{address}0/link/").status_code == 404

    def test_a_number_that_changed_since_is_not_linked(
        self, page: Client, known: dict[str, str], gateway: Gateway, stay: Stay
    ) -> None:
        address = found(page, known, gateway)
        ticked = self.ticked(stay.patient)
        Patient.objects.update(nhs_number="9434765870")
        assert page.post(f"{address}0/link/", ticked).status_code == 404
        assert not Link.objects.exists()

    def test_a_patient_of_another_ward_is_not_told_of(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        shelley = WardFactory.create(name="Shelley")
        patient = PatientFactory.create(nhs_number=NHS_NUMBER)
        admissions.admit(patient=patient, ward=shelley, by=person(member_of(shelley)))
        address = found(page, known, gateway)
        assert "Shelley" not in text_of(page, address)
        assert page.get(f"{address}0/link/").status_code == 404


class TestAdmitting:
    def test_the_form_shows_what_was_found_and_the_address_names_nobody(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        address = found(page, known, gateway)
        shown = text_of(page, address)
        link = shown.partition('href="/wards/byron/admit/')[2].partition('"')[0]
        assert UUID(link.removeprefix("?systmone=").removesuffix(".0")).version == 4
        form = text_of(page, f"/wards/byron/admit/{link}")
        assert f'value="{known["surname"]}"' in form
        assert "943 476 5919" in form

    def test_who_is_admitted_so_is_linked_and_the_lookup_forgotten(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        uid = found(page, known, gateway).rstrip("/").rpartition("/")[2]
        page.post(f"/wards/byron/admit/?systmone={uid}.0", self.typed(known, NHS_NUMBER))
        assert Link.objects.get().patient.nhs_number == NHS_NUMBER
        assert not Lookup.objects.exists()

    def test_with_another_number_than_was_found_nobody_is_linked(
        self, page: Client, known: dict[str, str], gateway: Gateway
    ) -> None:
        uid = found(page, known, gateway).rstrip("/").rpartition("/")[2]
        page.post(f"/wards/byron/admit/?systmone={uid}.0", self.typed(known, "9434765870"))
        assert Stay.objects.count() == 1
        assert not Link.objects.exists()

    @pytest.mark.parametrize("named", ["nonsense", "1.0", f"{UUID(int=1)}.0", f"{UUID(int=1)}.x"])
    def test_a_result_that_is_not_kept_any_more_is_said_to_be_gone(
        self, page: Client, named: str
    ) -> None:
        shown = text_of(page, f"/wards/byron/admit/?systmone={named}")
        assert "not kept any more" in shown

    def test_from_the_form_of_admission_one_link_leads_there(self, page: Client) -> None:
        assert f'href="{FORM}"' in text_of(page, "/wards/byron/admit/")

    def typed(self, known: dict[str, str], number: str) -> dict[str, str]:
        return {**known, "nhs_number": number, "sex": "U", "legal_status": "informal", "bed": ""}

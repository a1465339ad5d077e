"""What is done to a stay from the patient's page: edit, move, swap, transfer, leave, absence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from audit.models import AuditEvent
from tests.factories import BedFactory, PatientFactory, WardFactory, member_of
from wards import admissions, discharges, leave, moves
from wards.actors import person
from wards.changes import CHANGES
from wards.models import Alert, Bed, Patient, Role, Stay, StayStatus, User, Ward

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
NHS_NUMBER = "9434765919"
PAGES = [change.name for change in CHANGES if change.role == Role.NORMAL_USER]


@pytest.fixture(autouse=True)
def _at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def byron() -> Ward:
    return WardFactory.create(name="Byron", capacity=5)


@pytest.fixture
def amir(byron: Ward) -> User:
    return member_of(byron, name="Amir Hussain")


def bed_on(ward: Ward, room: str) -> Bed:
    return BedFactory.create(room__ward=ward, room__name=room, name="1")


def admitted(ward: Ward, by: User, surname: str, bed: Bed | None = None) -> Stay:
    patient = PatientFactory.create(surname=surname)
    return admissions.admit(patient=patient, ward=ward, bed=bed, by=person(by))


@pytest.fixture
def beatrice(byron: Ward, sarah: User) -> Stay:
    return admitted(byron, sarah, "Quill", bed_on(byron, "Room 1"))


def address(stay: Stay, name: str = "") -> str:
    return f"/patients/{stay.patient_id}/{name}/" if name else f"/patients/{stay.patient_id}/"


def opened(client: Client, stay: Stay, name: str) -> str:
    response = client.get(address(stay, name))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def sent(client: Client, stay: Stay, name: str, **data: object) -> str:
    """Send a form and return the page that follows."""
    fields = {"version": stay.version, **data}
    response = client.post(address(stay, name), fields, follow=True)
    return " ".join(response.content.decode().split())


def now(stay: Stay) -> Stay:
    return Stay.objects.get(pk=stay.pk)


class TestThePatientPage:
    @pytest.mark.parametrize(
        ("status", "offered"),
        [
            ("active", ["leave", "absence", "move", "swap", "transfer", "edit"]),
            ("on_leave", ["return", "absence", "move", "swap", "transfer", "edit"]),
            ("absent", ["return", "no-absence", "move", "swap", "edit"]),
            ("pending_discharge", ["absence", "move", "swap", "edit"]),
            ("discharged", []),
        ],
    )
    def test_offers_what_the_status_allows(
        self, page: Client, beatrice: Stay, status: str, offered: list[str]
    ) -> None:
        discharged_at = TEN if status == "discharged" else None
        Stay.objects.update(status=status, discharged_at=discharged_at)
        text = opened(page, beatrice, "")
        assert [name for name in PAGES if f'href="{address(beatrice, name)}"' in text] == offered


class TestWhileADischargeIsPending:
    @pytest.fixture
    def pending(self, beatrice: Stay, sarah: User) -> Stay:
        return discharges.start(stay=beatrice, by=person(sarah)).stay

    def test_the_patient_moves_and_the_discharge_goes_on(
        self, page: Client, byron: Ward, pending: Stay
    ) -> None:
        bed = BedFactory.create(room__ward=byron)
        assert "The patient has moved." in sent(page, pending, "move", bed=str(bed.pk))
        assert (now(pending).bed, now(pending).status) == (bed, "pending_discharge")

    def test_an_absence_sends_the_discharge_back(self, page: Client, pending: Stay) -> None:
        assert "A pending discharge is sent back." in opened(page, pending, "absence")
        text = sent(page, pending, "absence", reason="Left by the garden")

        assert "Absent without leave: Left by the garden" in text
        assert "Discharge sent back: The patient is absent without leave." in text
        assert (now(pending).status, now(pending).bed) == ("absent", pending.bed)


class TestEveryForm:
    @pytest.mark.parametrize("name", ["edit", "move", "swap", "transfer", "leave", "absence"])
    def test_carries_the_banner_and_is_a_view_of_the_patient(
        self, page: Client, beatrice: Stay, name: str
    ) -> None:
        text = opened(page, beatrice, name)
        assert "QUILL, Beatrice" in text
        assert "Byron, Room 1, bed 1" in text
        view = AuditEvent.objects.latest("sequence")
        assert (view.action, view.object_id) == ("patient.view", str(beatrice.patient_id))

    @pytest.mark.parametrize("name", PAGES)
    def test_that_is_out_of_date_changes_nothing_and_says_what_happened(
        self, page: Client, beatrice: Stay, amir: User, name: str
    ) -> None:
        leave.be_absent(stay=beatrice, by=person(amir))
        before = Stay.objects.values().get(), Patient.objects.values().get()

        text = sent(page, beatrice, name, reason="To the shops", first_name="Bertha")

        assert "Nothing was changed: your page was out of date." in text
        assert "Absent without leave, by Amir Hussain, 10:00 on 27 Jan." in text
        assert (Stay.objects.values().get(), Patient.objects.values().get()) == before

    @pytest.mark.parametrize("version", ["", "x", "99999999999999999999"])
    def test_without_a_version_changes_nothing(
        self, page: Client, beatrice: Stay, version: str
    ) -> None:
        page.post(address(beatrice, "leave"), {"version": version})
        assert now(beatrice).status == StayStatus.ACTIVE

    @pytest.mark.parametrize("name", PAGES)
    def test_of_another_wards_patient_is_not_found(self, page: Client, name: str) -> None:
        shelley = WardFactory.create()
        stay = admitted(shelley, member_of(shelley), "Elsewhere")
        assert page.get(address(stay, name)).status_code == 404
        assert page.post(address(stay, name), {"version": 1}).status_code == 404

    @pytest.mark.parametrize("tier", ["light", "medium"])
    @pytest.mark.parametrize("name", PAGES)
    def test_does_not_exist_where_the_tier_has_no_patients(
        self, page: Client, beatrice: Stay, settings: Settings, tier: str, name: str
    ) -> None:
        settings.HUB_TIER = tier
        answer = page.post(address(beatrice, name), {"version": 1})
        assert answer.status_code == 404
        assert "QUILL" not in answer.content.decode()
        assert now(beatrice).version == 1


class TestEditing:
    def form(self, **changes: object) -> dict[str, object]:
        return {
            "first_name": "Beatrice",
            "surname": "Quill",
            "date_of_birth_0": "1",
            "date_of_birth_1": "1",
            "date_of_birth_2": "1980",
            "sex": "F",
            "legal_status": "informal",
            **changes,
        }

    def test_shows_what_is_known(self, page: Client, beatrice: Stay, sarah: User) -> None:
        Patient.objects.update(nhs_number=NHS_NUMBER)
        Stay.objects.update(legal_status="2", legal_status_since=date(2026, 1, 20))
        text = opened(page, beatrice, "edit")
        for shown in ('value="943 476 5919"', 'value="1980"', '<option value="2" selected>'):
            assert shown in text
        assert 'id="id_legal_status_since" name="legal_status_since_0"' in text
        assert 'value="20"' in text

    def test_changes_patient_and_stay(self, page: Client, beatrice: Stay, sarah: User) -> None:
        falls = Alert.objects.get_or_create(name="Risk of falls")[0]
        text = sent(
            page,
            beatrice,
            "edit",
            **self.form(
                preferred_name="Bea",
                nhs_number="943 476 5919",
                alerts=[falls.pk],
                named_nurse=sarah.pk,
                consultant="Dr Ada Marsh",
            ),
        )
        assert "The details are saved." in text
        assert "QUILL, Beatrice (Bea)" in text
        stay = now(beatrice)
        assert (stay.version, stay.named_nurse, stay.consultant) == (2, sarah, "Dr Ada Marsh")
        assert (stay.patient.nhs_number, list(stay.patient.alerts.all())) == (NHS_NUMBER, [falls])

    def test_keeps_a_named_nurse_who_has_left_the_ward(
        self, page: Client, beatrice: Stay, amir: User
    ) -> None:
        Stay.objects.update(named_nurse=amir)
        amir.memberships.all().delete()
        assert f'value="{amir.pk}" selected>Amir Hussain' in opened(page, beatrice, "edit")

    def test_refuses_another_patients_number_at_the_field(
        self, page: Client, beatrice: Stay
    ) -> None:
        PatientFactory.create(nhs_number=NHS_NUMBER)
        text = sent(page, beatrice, "edit", **self.form(nhs_number=NHS_NUMBER))
        assert "Another patient in the Hub has this NHS number." in text
        assert now(beatrice).version == 1

    @pytest.mark.parametrize(
        "name", ["first_name", "surname", "preferred_name", "pseudo_number", "consultant"]
    )
    def test_refuses_a_character_that_nobody_sees(
        self, page: Client, beatrice: Stay, name: str
    ) -> None:
        text = sent(page, beatrice, "edit", **self.form(**{name: "A\x0bB"}))
        assert "This has a character that cannot be seen: type it anew." in text
        assert now(beatrice).version == 1

    def test_refuses_a_discharge_before_the_admission(self, page: Client, beatrice: Stay) -> None:
        early = {f"expected_discharge_on_{n}": part for n, part in enumerate((26, 1, 2026))}
        text = sent(page, beatrice, "edit", **self.form(**early))
        assert "The expected discharge is before the admission" in text


class TestMoving:
    def test_to_a_free_bed(self, page: Client, byron: Ward, beatrice: Stay) -> None:
        bed = bed_on(byron, "Room 2")
        assert "Room 2, bed 1" in opened(page, beatrice, "move")
        text = sent(page, beatrice, "move", bed=bed.pk)
        assert "The patient has moved." in text
        assert "Moved to another bed: Room 1, bed 1 to Room 2, bed 1" in text
        assert now(beatrice).bed == bed

    def test_to_no_bed(self, page: Client, beatrice: Stay) -> None:
        sent(page, beatrice, "move", bed="none")
        assert now(beatrice).place == "No bed assigned"

    def test_takes_a_choice(self, page: Client, beatrice: Stay) -> None:
        assert "Choose a bed." in sent(page, beatrice, "move")
        assert now(beatrice).bed == beatrice.bed

    def test_to_a_bed_taken_meanwhile_is_refused_at_the_field(
        self, page: Client, byron: Ward, sarah: User, beatrice: Stay
    ) -> None:
        bed = bed_on(byron, "Room 2")
        admitted(byron, sarah, "Faster", bed)
        text = sent(page, beatrice, "move", bed=bed.pk)
        assert "Somebody took this bed meanwhile: choose another." in text
        assert now(beatrice).version == 1

    def test_two_patients_swap(
        self, page: Client, byron: Ward, sarah: User, beatrice: Stay
    ) -> None:
        other = admitted(byron, sarah, "Marsh", bed_on(byron, "Room 2"))
        assert "MARSH, Beatrice: Room 2, bed 1" in opened(page, beatrice, "swap")
        text = sent(page, beatrice, "swap", other=f"{other.pk}-1")
        assert "The two patients have swapped beds." in text
        assert (now(beatrice).bed, now(other).bed) == (other.bed, beatrice.bed)

    def test_whose_names_a_swap_offers_is_written_down(
        self, page: Client, byron: Ward, sarah: User, beatrice: Stay
    ) -> None:
        other = admitted(byron, sarah, "Marsh", bed_on(byron, "Room 2"))
        opened(page, beatrice, "swap")

        event = AuditEvent.objects.latest("sequence")
        assert (event.action, event.object_id) == ("patient.view", str(beatrice.patient_id))
        assert event.detail == {"patients": [other.patient_id]}

    def test_who_waits_for_a_bed_swaps_with_who_then_has_none(
        self, page: Client, byron: Ward, sarah: User, beatrice: Stay
    ) -> None:
        patient = PatientFactory.create(surname="Marsh")
        waiting = admissions.admit(patient=patient, ward=byron, by=person(sarah))
        bed = beatrice.bed

        text = opened(page, waiting, "swap")
        assert f"QUILL, Beatrice: {bed}, will have no bed" in text
        sent(page, waiting, "swap", other=f"{beatrice.pk}-1")

        assert (now(waiting).bed, now(beatrice).bed) == (bed, None)

    def test_a_swap_with_who_moved_meanwhile_is_refused_at_the_field(
        self, page: Client, byron: Ward, sarah: User, beatrice: Stay
    ) -> None:
        other = admitted(byron, sarah, "Marsh", bed_on(byron, "Room 2"))
        moves.move(stay=other, bed=bed_on(byron, "Room 3"), by=person(sarah))
        text = sent(page, beatrice, "swap", other=f"{other.pk}-1")
        assert "This patient has moved or changed meanwhile: choose again." in text
        assert now(beatrice).version == 1

    def test_says_so_where_there_is_nothing_to_choose(
        self, page: Client, byron: Ward, sarah: User
    ) -> None:
        waiting = admitted(byron, sarah, "Waiting")
        assert "No bed of this ward is free." in opened(page, waiting, "move")
        assert "Nobody else on this ward has a bed." in opened(page, waiting, "swap")
        assert "There is no other ward." in opened(page, waiting, "transfer")
        bed_on(byron, "Room 2")
        assert "No bed of this ward is free." not in opened(page, waiting, "move")


class TestTransfer:
    @pytest.fixture
    def shelley(self) -> Ward:
        return WardFactory.create(name="Shelley", capacity=1)

    def test_to_a_free_bed_leads_back_to_the_board(
        self, page: Client, shelley: Ward, beatrice: Stay
    ) -> None:
        bed = bed_on(shelley, "Room 9")
        assert "Shelley: Room 9, bed 1" in opened(page, beatrice, "transfer")
        text = sent(page, beatrice, "transfer", to=f"shelley/{bed.pk}")
        assert "The patient is transferred" in text
        assert "Byron beds" in text
        assert (now(beatrice).ward, now(beatrice).bed) == (shelley, bed)
        assert page.get(address(beatrice)).status_code == 404

    def test_to_another_ward_of_the_person_leads_to_the_patient(
        self, page: Client, byron: Ward, shelley: Ward, beatrice: Stay
    ) -> None:
        page.force_login(member_of(byron, shelley))
        text = sent(page, beatrice, "transfer", to="shelley/")
        assert "Shelley, No bed assigned" in text

    def test_shows_nothing_of_the_other_ward_but_its_free_beds(
        self, page: Client, shelley: Ward, beatrice: Stay
    ) -> None:
        admitted(shelley, member_of(shelley), "Secret", bed_on(shelley, "Room 9"))
        text = opened(page, beatrice, "transfer")
        assert "Shelley: No bed assigned" in text
        assert "Room 9" not in text
        assert "SECRET" not in text

    def test_to_a_full_ward_is_refused_at_the_field(
        self, page: Client, shelley: Ward, beatrice: Stay
    ) -> None:
        admitted(shelley, member_of(shelley), "Marsh")
        text = sent(page, beatrice, "transfer", to="shelley/")
        assert "Shelley is full: its capacity is 1." in text
        assert now(beatrice).version == 1

    @pytest.mark.parametrize("place", ["", "byron/", "nowhere/", "shelley/999"])
    def test_to_no_place_that_is_offered_is_refused(
        self, page: Client, shelley: Ward, beatrice: Stay, place: str
    ) -> None:
        assert "There is a problem" in sent(page, beatrice, "transfer", to=place)
        assert now(beatrice).version == 1


class TestLeaveAndAbsence:
    def test_a_patient_goes_on_leave_and_comes_back(self, page: Client, beatrice: Stay) -> None:
        text = sent(page, beatrice, "leave", reason="Home until Sunday")
        assert "The patient is on leave." in text
        assert "Went on leave: Home until Sunday" in text
        text = sent(page, now(beatrice), "return")
        assert "The patient is back on the ward." in text
        assert now(beatrice).status == StayStatus.ACTIVE

    def test_an_absence_is_noted_and_taken_back(
        self, page: Client, beatrice: Stay, sarah: User
    ) -> None:
        on_leave = leave.go_on_leave(stay=beatrice, by=person(sarah))
        sent(page, on_leave, "absence", reason="Not back at eight")
        assert now(beatrice).status == StayStatus.ABSENT
        text = sent(page, now(beatrice), "no-absence")
        assert "The absence is taken back." in text
        assert now(beatrice).status == StayStatus.ON_LEAVE

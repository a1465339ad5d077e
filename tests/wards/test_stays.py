"""Patients come, move, go on leave and come back; one in a bed, one stay at a time."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from tests.factories import BedFactory, PatientFactory, WardFactory, beds_on, member_of
from tests.threads import at_once
from wards import admissions, case_notes, leave, moves
from wards.actors import Actor, person
from wards.admissions import AlreadyAdmitted, PatientKnown
from wards.models import Bed, LegalStatus, Patient, Stay, StayEvent, StayStatus, Ward
from wards.signals import patient_transferred
from wards.stays import BedTaken, StayChanged, WardFull

NHS_NUMBER = "9434765919"


@pytest.fixture
def byron(db: None) -> Ward:
    return WardFactory.create(name="Byron", capacity=3)


@pytest.fixture
def shelley(db: None) -> Ward:
    return WardFactory.create(name="Shelley", capacity=2)


@pytest.fixture
def sarah(byron: Ward) -> Actor:
    return person(member_of(byron, name="Sarah Johnson"))


def admitted(ward: Ward, by: Actor, bed: Bed | None = None) -> Stay:
    return admissions.admit(patient=PatientFactory.create(), ward=ward, bed=bed, by=by)


def beatrice(**fields: str) -> Patient:
    return Patient(
        first_name="Beatrice", surname="Quill", date_of_birth=date(1988, 2, 29), **fields
    )


class TestPatient:
    @pytest.mark.parametrize(
        ("fields", "shown"),
        [
            ({"nhs_number": NHS_NUMBER}, "943 476 5919"),
            ({"pseudo_number": "0002767317"}, "0002767317 (pseudo-number)"),
            ({}, "not yet known"),
        ],
    )
    def test_the_number_as_staff_read_it(self, fields: dict[str, str], shown: str) -> None:
        assert beatrice(**fields).nhs_number_in_words == shown

    def test_the_name_as_staff_read_it(self) -> None:
        assert beatrice(preferred_name="Bea").name == "QUILL, Beatrice (Bea)"

    @pytest.mark.parametrize("number", ["9434765918", "943476591", "943 476 5919", "abcdefghij"])
    def test_a_number_with_a_wrong_check_digit_is_refused(self, number: str) -> None:
        with pytest.raises(ValidationError, match="check the ten digits"):
            beatrice(nhs_number=number).clean_fields()

    @pytest.mark.django_db
    def test_a_patient_in_text_is_a_number_and_no_name(self) -> None:
        assert "Quill" not in str(PatientFactory.create())


class TestAdmission:
    def test_a_new_patient_is_admitted_to_a_bed(self, byron: Ward, sarah: Actor) -> None:
        (bed,) = beds_on(byron, 1)
        stay = admissions.admit(
            patient=beatrice(nhs_number=NHS_NUMBER),
            ward=byron,
            bed=bed,
            by=sarah,
            legal_status=LegalStatus.SECTION_3,
            legal_status_since=date(2026, 11, 1),
        )

        assert (stay.status, stay.bed, stay.version) == (StayStatus.ACTIVE, bed, 1)
        event = StayEvent.objects.get()
        assert (event.action, event.by_name, event.after) == (
            "admit",
            "Sarah Johnson",
            f"Byron, {bed}",
        )
        logged = AuditEvent.objects.earliest("sequence")
        assert (logged.action, logged.object_id, logged.ward) == (
            "stay.admit",
            str(stay.patient_id),
            "Byron",
        )

    def test_a_patient_may_wait_for_a_bed(self, byron: Ward, sarah: Actor) -> None:
        assert admitted(byron, sarah).place == "No bed assigned"

    def test_a_bed_that_is_taken_closed_or_elsewhere_is_refused(
        self, byron: Ward, shelley: Ward, sarah: Actor
    ) -> None:
        taken, closed = beds_on(byron, 2)
        admitted(byron, sarah, taken)
        Bed.objects.filter(pk=closed.pk).update(closed_since=date(2026, 11, 1))
        for bed in (taken, closed, *beds_on(shelley, 1)):
            with pytest.raises(BedTaken):
                admissions.admit(patient=beatrice(), ward=byron, bed=bed, by=sarah)

        assert Patient.objects.count() == 1

    def test_a_patient_who_is_on_a_ward_is_not_admitted_again(
        self, byron: Ward, shelley: Ward, sarah: Actor
    ) -> None:
        stay = admitted(byron, sarah)

        with pytest.raises(AlreadyAdmitted) as raised:
            admissions.admit(patient=stay.patient, ward=shelley, by=sarah)

        assert raised.value.stay == stay

    def test_a_known_nhs_number_is_never_merged_silently(self, byron: Ward, sarah: Actor) -> None:
        known = PatientFactory.create(nhs_number=NHS_NUMBER)

        with pytest.raises(PatientKnown) as raised:
            admissions.admit(patient=beatrice(nhs_number=NHS_NUMBER), ward=byron, by=sarah)

        assert raised.value.patient == known
        assert not Stay.objects.exists()

    def test_a_full_ward_takes_nobody(self, shelley: Ward, sarah: Actor) -> None:
        for _ in range(2):
            admitted(shelley, sarah)

        with pytest.raises(WardFull):
            admissions.admit(patient=beatrice(), ward=shelley, by=sarah)

    def test_a_section_needs_its_date(self, byron: Ward, sarah: Actor) -> None:
        with pytest.raises(RuntimeError):
            admissions.admit(
                patient=beatrice(), ward=byron, by=sarah, legal_status=LegalStatus.SECTION_2
            )

    def test_details_of_stay_and_patient_change_together(self, byron: Ward, sarah: Actor) -> None:
        stay = admitted(byron, sarah)

        changed = admissions.edit(stay=stay, by=sarah, preferred_name="Bea", consultant="Dr Rahimi")

        assert (changed.patient.preferred_name, changed.consultant) == ("Bea", "Dr Rahimi")
        with pytest.raises(StayChanged) as raised:
            admissions.edit(stay=stay, by=sarah, consultant="Dr Other")
        assert raised.value.current.consultant == "Dr Rahimi"

    def test_an_edit_says_which_fields_changed_and_the_new_legal_status(
        self, byron: Ward, sarah: Actor
    ) -> None:
        stay = admitted(byron, sarah)

        admissions.edit(
            stay=stay,
            by=sarah,
            surname="Quilling",
            consultant="",
            legal_status=LegalStatus.SECTION_3,
            legal_status_since=date(2026, 11, 1),
        )

        event = StayEvent.objects.latest("pk")
        assert (event.before, event.after) == ("Informal", "Section 3")
        detail = AuditEvent.objects.get(action="stay.edit").detail
        assert detail == {"fields": ["surname", "legal_status", "legal_status_since"]}

    def test_an_edit_that_changes_nothing_is_no_event(self, byron: Ward, sarah: Actor) -> None:
        stay = admitted(byron, sarah)

        same = admissions.edit(stay=stay, by=sarah, surname=stay.patient.surname, alerts=[])

        assert same.version == 1
        assert StayEvent.objects.count() == 1


class TestMoves:
    def test_a_move_to_a_free_bed(self, byron: Ward, sarah: Actor) -> None:
        one, two = beds_on(byron, 2)
        moved = moves.move(stay=admitted(byron, sarah, one), bed=two, by=sarah)

        assert moved.bed == two
        event = StayEvent.objects.get(action="move")
        assert (event.before, event.after) == (str(one), str(two))

    def test_a_move_to_a_taken_bed_changes_nothing(self, byron: Ward, sarah: Actor) -> None:
        one, two = beds_on(byron, 2)
        stay = admitted(byron, sarah, one)
        admitted(byron, sarah, two)

        with pytest.raises(BedTaken):
            moves.move(stay=stay, bed=two, by=sarah)

        stay.refresh_from_db()
        assert stay.bed == one

    def test_two_patients_change_beds_in_one_step(self, byron: Ward, sarah: Actor) -> None:
        one, two = beds_on(byron, 2)
        first, second = admitted(byron, sarah, one), admitted(byron, sarah, two)

        first, second = moves.swap(one=first, other=second, by=sarah)

        assert (first.bed, second.bed) == (two, one)
        assert StayEvent.objects.filter(action="move").count() == 2

    def test_a_swap_with_somebody_without_a_bed(self, byron: Ward, sarah: Actor) -> None:
        (bed,) = beds_on(byron, 1)
        first, second = moves.swap(
            one=admitted(byron, sarah, bed), other=admitted(byron, sarah), by=sarah
        )

        assert (first.bed, second.bed) == (None, bed)

    def test_a_swap_on_an_hour_old_page_changes_neither(self, byron: Ward, sarah: Actor) -> None:
        beds = beds_on(byron, 3)
        first, second = admitted(byron, sarah, beds[0]), admitted(byron, sarah, beds[1])
        moves.move(stay=second, bed=beds[2], by=sarah)

        with pytest.raises(StayChanged):
            moves.swap(one=first, other=second, by=sarah)

        assert Stay.objects.get(pk=first.pk).bed == beds[0]

    def test_a_transfer_announces_the_wards(self, byron: Ward, shelley: Ward, sarah: Actor) -> None:
        heard: list[dict[str, object]] = []

        def listen(sender: object, **facts: object) -> None:
            heard.append(facts)

        patient_transferred.connect(listen)
        stay = admitted(byron, sarah)
        (bed,) = beds_on(shelley, 1)
        moved = moves.transfer(stay=stay, to=shelley, bed=bed, by=sarah)
        patient_transferred.disconnect(listen)

        assert (moved.ward, moved.bed) == (shelley, bed)
        assert heard[0]["from_ward_id"] == byron.pk
        assert heard[0]["to_ward_id"] == shelley.pk

    def test_a_transfer_to_a_full_ward_changes_nothing(
        self, byron: Ward, shelley: Ward, sarah: Actor
    ) -> None:
        stay = admitted(byron, sarah)
        for _ in range(2):
            admitted(shelley, sarah)

        with pytest.raises(WardFull):
            moves.transfer(stay=stay, to=shelley, by=sarah)

        assert Stay.objects.get(pk=stay.pk).ward == byron


class TestLeave:
    def test_leave_keeps_the_bed_until_the_return(self, byron: Ward, sarah: Actor) -> None:
        (bed,) = beds_on(byron, 1)
        away = leave.go_on_leave(stay=admitted(byron, sarah, bed), by=sarah, reason="weekend")
        with pytest.raises(BedTaken):
            admissions.admit(patient=beatrice(), ward=byron, bed=bed, by=sarah)

        back = leave.come_back(stay=away, by=sarah)

        assert (away.status, back.status, back.bed) == ("on_leave", "active", bed)

    @pytest.mark.parametrize("was_on_leave", [True, False])
    def test_an_absence_that_was_none_is_taken_back(
        self, byron: Ward, sarah: Actor, *, was_on_leave: bool
    ) -> None:
        stay = admitted(byron, sarah)
        if was_on_leave:
            stay = leave.go_on_leave(stay=stay, by=sarah)
        before = stay.status

        absent = leave.be_absent(stay=stay, by=sarah, reason="not at breakfast")

        assert absent.status == StayStatus.ABSENT
        assert leave.not_be_absent(stay=absent, by=sarah).status == before

    @pytest.mark.parametrize(
        ("status", "action"),
        [
            ("on_leave", leave.go_on_leave),
            ("active", leave.come_back),
            ("absent", leave.be_absent),
            ("active", leave.not_be_absent),
            ("pending_discharge", leave.go_on_leave),
            ("pending_discharge", leave.be_absent),
        ],
    )
    def test_what_a_status_does_not_allow_changes_nothing(
        self, byron: Ward, sarah: Actor, status: str, action: Callable[..., Stay]
    ) -> None:
        stay = admitted(byron, sarah)
        Stay.objects.update(status=status)
        stay.refresh_from_db()

        with pytest.raises(StayChanged):
            action(stay=stay, by=sarah)

        assert StayEvent.objects.count() == 1


class TestTheDatabase:
    def test_holds_one_patient_in_a_bed(self, byron: Ward, sarah: Actor) -> None:
        (bed,) = beds_on(byron, 1)
        admitted(byron, sarah, bed)
        other = admitted(byron, sarah)

        with pytest.raises(IntegrityError), transaction.atomic():
            Stay.objects.filter(pk=other.pk).update(bed=bed)

    def test_holds_one_open_stay_per_patient(self, byron: Ward, sarah: Actor) -> None:
        stay = admitted(byron, sarah)

        with pytest.raises(IntegrityError), transaction.atomic():
            Stay.objects.create(patient=stay.patient, ward=byron, admitted_at=stay.admitted_at)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_four_who_take_one_bed_one_gets_it(self) -> None:
        ward = WardFactory.create(capacity=10)
        by = person(member_of(ward))
        bed = BedFactory.create(room__ward=ward)
        results = at_once(
            *[
                partial(admissions.admit, patient=beatrice(), ward=ward, bed=bed, by=by)
                for _ in range(4)
            ]
        )

        assert sorted(type(result).__name__ for result in results) == [*["BedTaken"] * 3, "Stay"]
        assert Patient.objects.count() == 1

    def test_of_four_who_admit_one_patient_one_does(self) -> None:
        ward = WardFactory.create(capacity=10)
        by = person(member_of(ward))
        patient = PatientFactory.create()
        results = at_once(
            *[partial(admissions.admit, patient=patient, ward=ward, by=by) for _ in range(4)]
        )

        names = sorted(type(result).__name__ for result in results)
        assert names == [*["AlreadyAdmitted"] * 3, "Stay"]

    @pytest.mark.parametrize("number", [{"nhs_number": "9990000018"}, {"pseudo_number": "P1"}])
    def test_of_two_wards_that_admit_somebody_of_one_number_one_does(
        self, number: dict[str, str]
    ) -> None:
        wards = [WardFactory.create() for _ in range(2)]
        results = at_once(
            *[
                partial(
                    admissions.admit,
                    patient=PatientFactory.build(**number),
                    ward=ward,
                    by=person(member_of(ward)),
                )
                for ward in wards
            ]
        )

        assert sorted(type(result).__name__ for result in results) == ["AlreadyAdmitted", "Stay"]
        assert Patient.objects.count() == 1

    @pytest.mark.parametrize("name", ["nhs_number", "pseudo_number"])
    def test_of_two_who_write_one_number_at_two_patients_one_does(self, name: str) -> None:
        ward = WardFactory.create(capacity=10)
        by = person(member_of(ward))
        stays = [admitted(ward, by) for _ in range(2)]
        number: dict[str, Any] = {name: "9990000018"}
        results = at_once(*[partial(admissions.edit, stay=stay, by=by, **number) for stay in stays])

        assert sorted(type(result).__name__ for result in results) == ["PatientKnown", "Stay"]
        (known,) = [one.patient for one in results if isinstance(one, admissions.PatientKnown)]
        assert known == Patient.objects.get(**number)
        assert AuditEvent.objects.filter(action="stay.edit").count() == 1

    def test_of_four_who_take_the_last_place_one_gets_it(self) -> None:
        ward = WardFactory.create(capacity=1)
        by = person(member_of(ward))
        results = at_once(
            *[partial(admissions.admit, patient=beatrice(), ward=ward, by=by) for _ in range(4)]
        )

        assert sorted(type(result).__name__ for result in results) == ["Stay", *["WardFull"] * 3]

    def test_admissions_and_case_notes_do_not_wait_for_each_other_in_a_circle(self) -> None:
        ward = WardFactory.create(capacity=50)
        by = person(member_of(ward))
        stay = admitted(ward, by)

        def admit_ten() -> int:
            return len([admitted(ward, by) for _ in range(10)])

        def write_ten() -> int:
            notes = [case_notes.write(stay=stay, text=f"Note {n}", by=by) for n in range(10)]
            return len(notes)

        assert at_once(admit_ten, write_ten, admit_ten) == [10, 10, 10]

    def test_opposite_swaps_at_once(self) -> None:
        ward = WardFactory.create(capacity=10)
        by = person(member_of(ward))
        one, other = (admitted(ward, by, bed) for bed in beds_on(ward, 2))
        results = at_once(
            partial(moves.swap, one=one, other=other, by=by),
            partial(moves.swap, one=other, other=one, by=by),
        )

        assert sorted(type(result).__name__ for result in results) == ["StayChanged", "tuple"]

    def test_a_move_and_an_admission_into_one_bed(self) -> None:
        ward = WardFactory.create(capacity=10)
        by = person(member_of(ward))
        bed = BedFactory.create(room__ward=ward)
        stay = admitted(ward, by)
        results = at_once(
            partial(moves.move, stay=stay, bed=bed, by=by),
            partial(admissions.admit, patient=beatrice(), ward=ward, bed=bed, by=by),
        )

        assert sorted(type(result).__name__ for result in results) == ["BedTaken", "Stay"]

"""Two people at one moment, and a discharge: one truth is left."""

from functools import partial

import pytest

from tests.factories import (
    MembershipFactory,
    PatientFactory,
    WardFactory,
    beds_on,
    member_of,
    senior_admin,
)
from tests.threads import at_once
from tests.wards.test_discharges import checked
from wards import admissions, discharges, leave, moves, reopening
from wards.actors import person
from wards.models import (
    Discharge,
    Role,
    Stay,
    StayEvent,
    StayStatus,
)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_tick_taken_back_and_a_confirmation_leave_one_truth(self) -> None:
        ward = WardFactory.create()
        nurse = person(member_of(ward))
        manager = person(member_of(ward, role=Role.WARD_ADMIN))
        stay = admissions.admit(patient=PatientFactory.create(), ward=ward, by=nurse)
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        item = discharge.checks.select_related("discharge__stay__ward").all()[0]

        at_once(
            lambda: str(discharges.confirm(discharge=discharge, by=manager)),
            lambda: str(discharges.uncheck(item=item, by=nurse)),
        )

        item.refresh_from_db()
        is_discharged = Stay.objects.get().status == StayStatus.DISCHARGED
        assert is_discharged == (item.done_at is not None)

    def test_of_two_who_decide_at_once_one_does(self) -> None:
        ward = WardFactory.create()
        nurse = person(member_of(ward))
        managers = [person(member_of(ward, role=Role.WARD_ADMIN)) for _ in range(2)]
        stay = admissions.admit(patient=PatientFactory.create(), ward=ward, by=nurse)
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        seen = [
            Discharge.objects.select_related("stay__ward").get(pk=discharge.pk) for _ in range(3)
        ]

        results = at_once(
            partial(discharges.confirm, discharge=seen[0], by=managers[0]),
            partial(discharges.confirm, discharge=seen[1], by=managers[1]),
            partial(discharges.send_back, discharge=seen[2], reason="no", by=managers[0]),
        )

        names = sorted(type(result).__name__ for result in results)
        assert names == ["Stay", "StayChanged", "StayChanged"]
        assert Discharge.objects.exclude(outcome="pending").count() == 1

    def test_an_absence_and_a_confirmation_at_once_leave_one_truth(self) -> None:
        ward = WardFactory.create()
        nurse = person(member_of(ward))
        manager = person(member_of(ward, role=Role.WARD_ADMIN))
        stay = admissions.admit(patient=PatientFactory.create(), ward=ward, by=nurse)
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        seen = Discharge.objects.select_related("stay__ward").get(pk=discharge.pk)

        results = at_once(
            partial(discharges.confirm, discharge=discharge, by=manager),
            partial(leave.be_absent, stay=seen.stay, by=nurse),
        )

        assert sorted(type(result).__name__ for result in results) == ["Stay", "StayChanged"]
        seen.refresh_from_db()
        outcome_of = {StayStatus.DISCHARGED: "confirmed", StayStatus.ABSENT: "sent_back"}
        assert seen.outcome == outcome_of[StayStatus(Stay.objects.get().status)]

    def test_who_reopens_while_the_bed_is_given_away_finds_it_or_none(self) -> None:
        ward = WardFactory.create()
        nurse = person(member_of(ward))
        manager = person(member_of(ward, role=Role.WARD_ADMIN))
        (bed,) = beds_on(ward, 1)
        stay = admissions.admit(patient=PatientFactory.create(), ward=ward, bed=bed, by=nurse)
        waiting = admissions.admit(patient=PatientFactory.create(), ward=ward, by=nurse)
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        ended = discharges.confirm(discharge=discharge, by=manager)

        at_once(
            partial(reopening.reopen, stay=ended, reason="mistake", by=person(senior_admin())),
            partial(moves.move, stay=waiting, bed=bed, by=nurse),
        )

        assert Stay.objects.open().count() == 2
        assert Stay.objects.open().filter(bed=bed).count() == 1

    def test_a_discharge_and_a_transfer_at_once_leave_one_truth(self) -> None:
        ward, other = WardFactory.create(), WardFactory.create()
        user = member_of(ward)
        MembershipFactory.create(user=user, ward=other)
        by = person(user)
        stay = admissions.admit(patient=PatientFactory.create(), ward=ward, by=by)

        results = at_once(
            partial(discharges.start, stay=stay, by=by),
            partial(moves.transfer, stay=stay, to=other, by=by),
        )

        names = sorted(type(result).__name__ for result in results)
        assert names in (["Discharge", "StayChanged"], ["Stay", "StayChanged"])
        assert StayEvent.objects.count() == 2

"""Discharges: checked item by item, confirmed by a ward admin; the bed is free then, no sooner."""

from datetime import UTC, datetime

import pytest

from audit.models import AuditEvent
from tests.factories import (
    PatientFactory,
    WardFactory,
    beds_on,
    member_of,
    senior_admin,
)
from wards import admissions, discharges, leave, moves, reopening
from wards.actors import Actor, person
from wards.discharges import DEFAULT_CHECKLIST, NotAllowed, NotComplete
from wards.models import (
    Bed,
    ChecklistItem,
    Discharge,
    DischargeCheck,
    Role,
    Stay,
    StayEvent,
    StayStatus,
    Ward,
)
from wards.signals import discharge_confirmed
from wards.stays import BedTaken, StayChanged, WardFull

NOON = datetime(2026, 1, 27, 12, tzinfo=UTC)


@pytest.fixture
def byron(db: None) -> Ward:
    return WardFactory.create(name="Byron", capacity=3)


@pytest.fixture
def bed(byron: Ward) -> Bed:
    return beds_on(byron, 1)[0]


@pytest.fixture
def nurse(byron: Ward) -> Actor:
    return person(member_of(byron, name="Sarah Johnson"))


@pytest.fixture
def manager(byron: Ward) -> Actor:
    return person(member_of(byron, role=Role.WARD_ADMIN, name="Amina Yusuf"))


@pytest.fixture
def stay(byron: Ward, bed: Bed, nurse: Actor) -> Stay:
    return admissions.admit(patient=PatientFactory.create(), ward=byron, bed=bed, by=nurse)


def checked(discharge: Discharge, by: Actor) -> Discharge:
    for item in discharge.checks.filter(is_required=True):
        discharges.check(item=item, by=by)
    return discharge


# The ward's setting, the role, and the refusal if there is one.
ASK_A_WARD_ADMIN = "On this ward a ward admin starts a discharge."
STARTS = [
    ("normal_user", Role.NORMAL_USER, ""),
    ("ward_admin", Role.NORMAL_USER, ASK_A_WARD_ADMIN),
    ("ward_admin", Role.CONTRIBUTOR, ASK_A_WARD_ADMIN),
    ("ward_admin", Role.WARD_ADMIN, ""),
    ("ward_admin", Role.SENIOR_ADMIN, ""),
]
CONFIRMS_OR_NOT = "confirms a discharge. They or who started it can send it back."
CONFIRMS = [
    ("ward_admin", Role.NORMAL_USER, f"A ward admin {CONFIRMS_OR_NOT}"),
    ("ward_admin", Role.WARD_ADMIN, ""),
    ("ward_admin", Role.SENIOR_ADMIN, ""),
    ("senior_admin", Role.WARD_ADMIN, f"A senior admin {CONFIRMS_OR_NOT}"),
    ("senior_admin", Role.SENIOR_ADMIN, ""),
]


def somebody(role: Role, ward: Ward) -> Actor:
    return person(senior_admin() if role == Role.SENIOR_ADMIN else member_of(ward, role=role))


@pytest.mark.parametrize(("least", "role", "refusal"), STARTS)
def test_the_ward_says_who_starts(stay: Stay, least: str, role: Role, refusal: str) -> None:
    Ward.objects.update(discharges_started_by=least)
    fresh, by = Stay.objects.get(), somebody(role, stay.ward)
    if not refusal:
        discharges.start(stay=fresh, by=by)
        return
    with pytest.raises(NotAllowed, match=refusal):
        discharges.start(stay=fresh, by=by)
    assert discharges.pending(stay) is None


@pytest.mark.parametrize(("least", "role", "refusal"), CONFIRMS)
def test_the_ward_says_who_confirms(stay: Stay, least: str, role: Role, refusal: str) -> None:
    Ward.objects.update(discharges_confirmed_by=least)
    nurse, by = person(member_of(stay.ward)), somebody(role, stay.ward)
    discharge = checked(discharges.start(stay=Stay.objects.get(), by=nurse), nurse)
    if not refusal:
        assert discharges.confirm(discharge=discharge, by=by).status == StayStatus.DISCHARGED
        return
    with pytest.raises(NotAllowed, match=refusal):
        discharges.confirm(discharge=discharge, by=by)
    assert Stay.objects.get().status == StayStatus.PENDING_DISCHARGE


@pytest.mark.parametrize(("least", "role", "refusal"), CONFIRMS)
def test_who_confirms_may_send_back(stay: Stay, least: str, role: Role, refusal: str) -> None:
    Ward.objects.update(discharges_confirmed_by=least)
    nurse, by = person(member_of(stay.ward)), somebody(role, stay.ward)
    discharge = discharges.start(stay=Stay.objects.get(), by=nurse)
    if not refusal:
        discharges.send_back(discharge=discharge, reason="Not yet", by=by)
        return
    who = Role(least).label.capitalize()
    with pytest.raises(NotAllowed, match=f"A {who.lower()}, or whoever started it, sends"):
        discharges.send_back(discharge=discharge, reason="Not yet", by=by)
    assert discharges.pending(stay) == discharge


class TestStart:
    def test_it_takes_the_usual_checklist(self, stay: Stay, nurse: Actor) -> None:
        discharge = discharges.start(stay=stay, by=nurse)

        assert [(item.name, item.is_required) for item in discharge.checks.all()] == list(
            DEFAULT_CHECKLIST
        )
        assert discharge.stay.status == StayStatus.PENDING_DISCHARGE

    def test_it_takes_the_ward_s_own_checklist_as_it_stands(self, stay: Stay, nurse: Actor) -> None:
        item = ChecklistItem.objects.create(ward=stay.ward, name="Keys returned", is_required=False)
        discharge = discharges.start(stay=stay, by=nurse)
        item.delete()

        assert [(one.name, one.is_required) for one in discharge.checks.all()] == [
            ("Keys returned", False)
        ]

    def test_it_is_started_once(self, stay: Stay, nurse: Actor) -> None:
        discharges.start(stay=stay, by=nurse)

        with pytest.raises(StayChanged):
            discharges.start(stay=Stay.objects.get(pk=stay.pk), by=nurse)

        assert Discharge.objects.count() == 1

    def test_the_bed_is_not_free_yet(self, stay: Stay, bed: Bed, nurse: Actor) -> None:
        discharges.start(stay=stay, by=nurse)

        with pytest.raises(BedTaken):
            admissions.admit(patient=PatientFactory.create(), ward=stay.ward, bed=bed, by=nurse)

    def test_nobody_is_transferred_or_sent_on_leave_during_it(
        self, stay: Stay, nurse: Actor
    ) -> None:
        pending = discharges.start(stay=stay, by=nurse).stay

        with pytest.raises(StayChanged):
            moves.transfer(stay=pending, to=WardFactory.create(), by=nurse)
        with pytest.raises(StayChanged):
            leave.go_on_leave(stay=pending, by=nurse)


class TestChecks:
    def test_an_item_stays_with_who_checked_it_first(
        self, stay: Stay, nurse: Actor, manager: Actor
    ) -> None:
        item = discharges.start(stay=stay, by=nurse).checks.all()[0]
        discharges.check(item=item, by=nurse, at=NOON)
        discharges.check(item=item, by=manager)

        item.refresh_from_db()
        assert (item.done_by_name, item.done_at) == ("Sarah Johnson", NOON)
        discharges.uncheck(item=item, by=nurse)
        item.refresh_from_db()
        assert (item.done_by_name, item.done_at) == ("", None)

    def test_every_tick_is_in_the_audit_log(self, stay: Stay, nurse: Actor, manager: Actor) -> None:
        item = discharges.start(stay=stay, by=nurse).checks.all()[0]
        discharges.check(item=item, by=nurse)
        discharges.check(item=item, by=manager)  # ticked already
        item.refresh_from_db()
        discharges.uncheck(item=item, by=manager)

        logged = AuditEvent.objects.filter(action__startswith="discharge.").order_by("sequence")
        assert [(one.action, one.actor_name) for one in logged] == [
            ("discharge.check", "Sarah Johnson"),
            ("discharge.uncheck", "Amina Yusuf"),
        ]
        assert logged[1].detail["ticked_by"] == "Sarah Johnson"

    def test_after_the_decision_nothing_is_checked_any_more(
        self, stay: Stay, nurse: Actor, manager: Actor
    ) -> None:
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        discharges.confirm(discharge=discharge, by=manager)
        before = list(DischargeCheck.objects.values())

        for item in discharge.checks.all():
            discharges.check(item=item, by=manager)
            discharges.uncheck(item=item, by=manager)

        assert list(DischargeCheck.objects.values()) == before


class TestConfirmation:
    def test_it_ends_the_stay_frees_the_bed_and_announces_it(
        self, stay: Stay, bed: Bed, nurse: Actor, manager: Actor
    ) -> None:
        heard: list[object] = []

        def listen(sender: object, stay_id: int, **facts: object) -> None:
            heard.append(stay_id)

        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        discharge_confirmed.connect(listen)
        ended = discharges.confirm(discharge=discharge, by=manager, at=NOON)
        discharge_confirmed.disconnect(listen)

        assert (ended.status, ended.discharged_at) == (StayStatus.DISCHARGED, NOON)
        assert heard == [stay.pk]
        assert Bed.objects.on(stay.ward).free().filter(pk=bed.pk).exists()
        discharge.refresh_from_db()
        assert (discharge.outcome, discharge.decided_by_name) == ("confirmed", "Amina Yusuf")
        assert [event.action for event in StayEvent.objects.order_by("pk")] == [
            "admit",
            "start_discharge",
            "discharge",
        ]
        assert AuditEvent.objects.latest("sequence").action == "stay.discharge"

    def test_it_needs_every_required_item(self, stay: Stay, nurse: Actor, manager: Actor) -> None:
        discharge = discharges.start(stay=stay, by=nurse)

        with pytest.raises(NotComplete) as raised:
            discharges.confirm(discharge=discharge, by=manager)

        assert raised.value.missing == [
            name for name, is_required in DEFAULT_CHECKLIST if is_required
        ]
        assert Stay.objects.get().status == StayStatus.PENDING_DISCHARGE

    def test_a_nurse_may_not_decide(self, stay: Stay, nurse: Actor) -> None:
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)

        with pytest.raises(NotAllowed, match="ward admin"):
            discharges.confirm(discharge=discharge, by=nurse)
        other = person(member_of(stay.ward))
        with pytest.raises(NotAllowed, match="ward admin"):
            discharges.send_back(discharge=discharge, reason="x", by=other)

    def test_a_ward_admin_of_another_ward_may_not_decide(self, stay: Stay, nurse: Actor) -> None:
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        other = person(member_of(WardFactory.create(), role=Role.WARD_ADMIN))

        with pytest.raises(NotAllowed):
            discharges.confirm(discharge=discharge, by=other)

    def test_who_started_it_confirms_it_only_where_the_ward_allows(
        self, stay: Stay, manager: Actor
    ) -> None:
        discharge = checked(discharges.start(stay=stay, by=manager), manager)
        with pytest.raises(NotAllowed, match="you started it"):
            discharges.confirm(discharge=discharge, by=manager)

        Ward.objects.update(may_confirm_own_discharges=True)
        again = Discharge.objects.get(pk=discharge.pk)

        assert discharges.confirm(discharge=again, by=manager).status == StayStatus.DISCHARGED

    def test_a_discharge_sent_back_says_why_and_the_patient_stays(
        self, stay: Stay, nurse: Actor, manager: Actor
    ) -> None:
        discharge = discharges.start(stay=stay, by=nurse)

        back = discharges.send_back(discharge=discharge, reason="No medicines yet", by=manager)

        assert (back.status, back.bed) == (StayStatus.ACTIVE, stay.bed)
        assert StayEvent.objects.latest("pk").reason == "No medicines yet"
        assert discharges.start(stay=back, by=nurse).pk != discharge.pk

    def test_a_patient_on_leave_is_on_leave_again_after_a_sending_back(
        self, stay: Stay, nurse: Actor, manager: Actor
    ) -> None:
        away = leave.go_on_leave(stay=stay, by=nurse)
        discharge = discharges.start(stay=away, by=nurse)

        back = discharges.send_back(discharge=discharge, reason="Not today", by=manager)

        assert back.status == StayStatus.ON_LEAVE

    def test_who_started_it_may_withdraw(self, stay: Stay, nurse: Actor) -> None:
        discharge = discharges.start(stay=stay, by=nurse)

        back = discharges.send_back(discharge=discharge, reason="Wrong patient", by=nurse)

        assert back.status == StayStatus.ACTIVE

    def test_a_decision_is_made_once(self, stay: Stay, nurse: Actor, manager: Actor) -> None:
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        discharges.confirm(discharge=discharge, by=manager)

        with pytest.raises(StayChanged):
            discharges.send_back(discharge=discharge, reason="too late", by=manager)


class TestAnAbsence:
    def test_sends_the_discharge_back_in_the_same_step(self, stay: Stay, nurse: Actor) -> None:
        discharge = discharges.start(stay=stay, by=nurse)
        absent = leave.be_absent(stay=discharge.stay, by=nurse, reason="Left by the garden")

        discharge.refresh_from_db()
        assert absent.status == StayStatus.ABSENT
        assert (discharge.outcome, discharge.reason) == (
            "sent_back",
            "The patient is absent without leave.",
        )
        actions = list(StayEvent.objects.order_by("pk").values_list("action", flat=True))
        assert actions == ["admit", "start_discharge", "send_back", "absent"]

    def test_that_was_none_leads_to_where_the_patient_was_before_the_discharge(
        self, stay: Stay, nurse: Actor
    ) -> None:
        away = leave.go_on_leave(stay=stay, by=nurse)
        pending = discharges.start(stay=away, by=nurse).stay
        absent = leave.be_absent(stay=pending, by=nurse)

        assert leave.not_be_absent(stay=absent, by=nurse).status == StayStatus.ON_LEAVE

    def test_noted_on_an_old_page_changes_nothing(self, stay: Stay, nurse: Actor) -> None:
        discharge = discharges.start(stay=stay, by=nurse)
        moves.move(stay=discharge.stay, bed=None, by=nurse)

        with pytest.raises(StayChanged):
            leave.be_absent(stay=discharge.stay, by=nurse)

        discharge.refresh_from_db()
        assert discharge.outcome == "pending"


class TestReopening:
    def ended(self, stay: Stay, nurse: Actor, manager: Actor) -> Stay:
        discharge = checked(discharges.start(stay=stay, by=nurse), nurse)
        return discharges.confirm(discharge=discharge, by=manager)

    def test_a_senior_admin_reopens_a_stay_in_its_bed(
        self, stay: Stay, bed: Bed, nurse: Actor, manager: Actor
    ) -> None:
        ended = self.ended(stay, nurse, manager)
        with pytest.raises(NotAllowed):
            reopening.reopen(stay=ended, reason="mistake", by=manager)

        back = reopening.reopen(stay=ended, reason="mistake", by=person(senior_admin()))

        assert (back.status, back.bed, back.discharged_at) == (StayStatus.ACTIVE, bed, None)

    @pytest.mark.parametrize("meanwhile", ["taken", "closed"])
    def test_a_bed_that_is_not_free_any_more_is_not_given_back(
        self, stay: Stay, bed: Bed, nurse: Actor, manager: Actor, meanwhile: str
    ) -> None:
        ended = self.ended(stay, nurse, manager)
        if meanwhile == "taken":
            admissions.admit(patient=PatientFactory.create(), ward=stay.ward, bed=bed, by=nurse)
        else:
            Bed.objects.update(closed_since=NOON.date())

        back = reopening.reopen(stay=ended, reason="mistake", by=person(senior_admin()))

        assert (back.status, back.bed) == (StayStatus.ACTIVE, None)
        assert StayEvent.objects.latest("pk").after == "No bed assigned"

    def test_a_stay_before_another_is_never_reopened(
        self, stay: Stay, nurse: Actor, manager: Actor
    ) -> None:
        ended = self.ended(stay, nurse, manager)
        again = admissions.admit(patient=ended.patient, ward=stay.ward, by=nurse)
        self.ended(again, nurse, manager)

        with pytest.raises(StayChanged):
            reopening.reopen(stay=ended, reason="mistake", by=person(senior_admin()))

        assert not Stay.objects.open().exists()

    def test_a_patient_who_is_on_a_ward_again_is_not_reopened(
        self, stay: Stay, nurse: Actor, manager: Actor
    ) -> None:
        ended = self.ended(stay, nurse, manager)
        admissions.admit(patient=ended.patient, ward=WardFactory.create(), by=nurse)

        with pytest.raises(StayChanged):
            reopening.reopen(stay=ended, reason="mistake", by=person(senior_admin()))

    def test_a_full_ward_takes_nobody_back(self, stay: Stay, nurse: Actor, manager: Actor) -> None:
        ended = self.ended(stay, nurse, manager)
        for _ in range(3):
            admissions.admit(patient=PatientFactory.create(), ward=stay.ward, by=nurse)

        with pytest.raises(WardFull):
            reopening.reopen(stay=ended, reason="mistake", by=person(senior_admin()))

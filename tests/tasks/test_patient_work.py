"""Work for single patients: who may add it, where it goes, what may be changed of it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from audit.models import AuditEvent
from tasks import actions, creation
from tasks.actions import TaskChanged
from tasks.creation import edit
from tasks.fates import Fate, field_name
from tasks.models import DayPart, Kind, Task, TaskEvent
from tasks.patient_work import NotOnAWard
from tests.factories import (
    TODAY,
    AuditTaskFactory,
    GuideFactory,
    PatientFactory,
    TaskFactory,
    TemplateFactory,
    WardFactory,
    member_of,
    senior_admin,
)
from tests.tasks.patients import patient_on, phone_call, tribunal
from tests.threads import at_once
from wards import discharges, moves
from wards.actors import Actor, Source, person
from wards.features import NotInThisTier
from wards.models import Discharge, Patient, Role, Stay, StayStatus, User, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelley(db: None) -> Ward:
    return WardFactory.create(name="Shelley")


ADDING: list[tuple[Callable[..., Task], str]] = [(phone_call, "pt"), (tribunal, "ap")]


class TestAdding:
    @pytest.mark.parametrize(("add", "prefix"), ADDING)
    def test_is_one_task_on_the_patients_ward_with_its_event_and_audit_event(
        self, byron: Ward, sarah: User, add: Callable[..., Task], prefix: str
    ) -> None:
        patient = patient_on(byron)
        task = add(patient, person(sarah))
        stored, event = Task.objects.get(), TaskEvent.objects.get()
        assert (stored, stored.ward, stored.patient) == (task, byron, patient)
        assert (event.action, event.by, event.source) == ("create", sarah, "web")
        audit = AuditEvent.objects.latest("sequence")
        assert (audit.action, audit.object_id) == ("task.create", f"{prefix}{task.pk}")
        assert (audit.ward, audit.actor_id) == ("Byron", str(sarah.pk))

    def test_keeps_what_a_patient_task_says(self, byron: Ward, sarah: User) -> None:
        phone_call(
            patient_on(byron),
            person(sarah),
            instructions="After 14:00",
            priority=3,
            carry_over=True,
        )
        task = Task.objects.get()
        assert (task.kind, task.category, task.due_on) == (Kind.PATIENT, "phone_call", TODAY)
        assert (task.instructions, task.priority, task.carry_over) == ("After 14:00", 3, True)

    def test_keeps_what_an_appointment_says(self, byron: Ward, sarah: User) -> None:
        guide = GuideFactory.create()
        tribunal(
            patient_on(byron),
            person(sarah),
            time=None,
            day_part=DayPart.AFTERNOON,
            place="Room 2",
            attendees="Dr Grey",
            guide=guide,
        )
        task = Task.objects.get()
        assert (task.kind, task.time, task.day_part) == (Kind.APPOINTMENT, None, "pm")
        assert (task.place, task.attendees, task.guide) == ("Room 2", "Dr Grey", guide)

    def test_by_a_machine_takes_no_membership(self, byron: Ward) -> None:
        assert phone_call(patient_on(byron), Actor("SystmOne", Source.SYSTMONE)).ward == byron

    def test_by_a_senior_admin_reaches_every_ward(self, byron: Ward) -> None:
        assert phone_call(patient_on(byron), person(senior_admin())).ward == byron

    @pytest.mark.parametrize("add", [phone_call, tribunal])
    def test_for_somebody_on_another_ward_or_on_none_is_refused(
        self, shelley: Ward, sarah: User, add: Callable[..., Task]
    ) -> None:
        for patient in (patient_on(shelley), PatientFactory.create()):
            with pytest.raises(NotOnAWard):
                add(patient, person(sarah))
        assert not Task.objects.exists()

    def test_for_somebody_who_was_discharged_is_refused(self, byron: Ward, sarah: User) -> None:
        patient = patient_on(byron)
        stay = Stay.objects.get()
        stay.status, stay.discharged_at = StayStatus.DISCHARGED, stay.admitted_at
        stay.save()
        with pytest.raises(NotOnAWard):
            phone_call(patient, person(sarah))

    @pytest.mark.parametrize("add", [phone_call, tribunal])
    @pytest.mark.parametrize("tier", ["light", "medium"])
    def test_is_impossible_in_a_tier_without_patients(
        self, byron: Ward, sarah: User, settings: Settings, tier: str, add: Callable[..., Task]
    ) -> None:
        patient = patient_on(byron)
        settings.HUB_TIER = tier
        with pytest.raises(NotInThisTier):
            add(patient, person(sarah))
        assert not Task.objects.exists()


class TestEditing:
    CHANGES: list[tuple[Kind, dict[str, Any]]] = [
        (Kind.WARD, {"title": "Order linen", "shift": "night", "due_on": date(2026, 1, 30)}),
        (Kind.PATIENT, {"title": "Phone her son", "category": "family_contact", "priority": 2}),
        (Kind.APPOINTMENT, {"time": None, "day_part": "am", "place": "Court", "attendees": ""}),
    ]

    def made(self, kind: Kind, ward: Ward, by: User) -> Task:
        if kind is Kind.WARD:
            return creation.add_ward_task(task=TaskFactory.build(ward=ward), by=person(by))
        add = {Kind.PATIENT: phone_call, Kind.APPOINTMENT: tribunal}[kind]
        return add(patient_on(ward), person(by))

    @pytest.mark.parametrize(("kind", "new"), CHANGES)
    def test_is_one_change_with_its_event_and_audit_event(
        self, byron: Ward, sarah: User, kind: Kind, new: dict[str, Any]
    ) -> None:
        task = self.made(kind, byron, sarah)
        edit(task=task, by=person(sarah), **new)
        stored = Task.objects.get()
        assert {name: getattr(stored, name) for name in new} == new
        assert (stored.version, task.version) == (2, 2)
        assert list(TaskEvent.objects.values_list("action", flat=True)) == ["create", "edit"]
        audit = AuditEvent.objects.latest("sequence")
        assert (audit.action, audit.object_id) == ("task.edit", task.public_id)
        assert audit.detail == {}

    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("name", ["patient", "ward", "status", "kind"])
    def test_never_makes_it_anothers(self, byron: Ward, sarah: User, kind: Kind, name: str) -> None:
        task = self.made(kind, byron, sarah)
        new: dict[str, Any] = {name: "another"}
        with pytest.raises(TypeError, match=name):
            edit(task=task, by=person(sarah), **new)

    def test_on_an_older_version_is_told_what_happened_since(
        self, byron: Ward, sarah: User
    ) -> None:
        page = phone_call(patient_on(byron), person(sarah))
        tom = person(member_of(byron, name="Tom Baker"))
        edit(task=Task.objects.get(), by=tom, title="Phone his mother")
        with pytest.raises(TaskChanged) as changed:
            edit(task=page, by=person(sarah), title="Phone his father")
        assert changed.value.latest is not None
        assert (changed.value.latest.action, changed.value.latest.by_name) == ("edit", "Tom Baker")
        assert Task.objects.get().title == "Phone his mother"

    def test_of_closed_work_is_refused(self, byron: Ward, sarah: User) -> None:
        task = phone_call(patient_on(byron), person(sarah))
        actions.complete(task=task, by=person(sarah))
        with pytest.raises(TaskChanged):
            edit(task=task, by=person(sarah), title="Phone his mother")

    def test_of_what_no_person_made_is_refused(self, byron: Ward, sarah: User) -> None:
        generated = TaskFactory.create(ward=byron, template=TemplateFactory.create(ward=byron))
        follow_up = TaskFactory.create(ward=byron, follow_up_of=generated)
        for task in (generated, follow_up, AuditTaskFactory.create(ward=byron)):
            with pytest.raises(TaskChanged):
                edit(task=task, by=person(sarah), title="Another")


class TestATransfer:
    def transfer(self, patient: Patient, to: Ward, by: User) -> None:
        stay = Stay.objects.select_related("ward").get(patient=patient)
        moves.transfer(stay=stay, to=to, by=person(by))

    def test_takes_the_open_work_along_and_leaves_the_closed(
        self, byron: Ward, shelley: Ward, sarah: User
    ) -> None:
        patient = patient_on(byron)
        done = actions.complete(task=phone_call(patient, person(sarah)), by=person(sarah))
        todo, visit = phone_call(patient, person(sarah)), tribunal(patient, person(sarah))
        others = phone_call(patient_on(byron), person(sarah))
        self.transfer(patient, shelley, sarah)
        wards = {task.pk: task.ward for task in Task.objects.all()}
        assert wards == {done.pk: byron, todo.pk: shelley, visit.pk: shelley, others.pk: byron}

    def test_is_an_event_and_an_audit_event_of_each_task(
        self, byron: Ward, shelley: Ward, sarah: User
    ) -> None:
        patient = patient_on(byron)
        moved = [phone_call(patient, person(sarah)) for _ in range(3)]
        self.transfer(patient, shelley, sarah)
        events = TaskEvent.objects.filter(action="transfer").order_by("task")
        assert [event.task for event in events] == moved
        assert {(event.by, event.reason) for event in events} == {(sarah, "from Byron to Shelley")}
        audit = AuditEvent.objects.filter(action="task.transfer", ward="Shelley")
        assert {event.object_id for event in audit} == {task.public_id for task in moved}
        assert {task.version for task in Task.objects.all()} == {2}

    @pytest.mark.parametrize(
        ("also_on_shelley", "status", "events"),
        [
            (True, "in_progress", ["create", "start", "transfer"]),
            (False, "pending", ["create", "start", "transfer", "release"]),
        ],
    )
    def test_takes_it_from_whoever_has_no_access_to_the_new_ward(
        self,
        byron: Ward,
        shelley: Ward,
        sarah: User,
        *,
        also_on_shelley: bool,
        status: str,
        events: list[str],
    ) -> None:
        tom = member_of(byron, *([shelley] if also_on_shelley else []), name="Tom Baker")
        patient = patient_on(byron)
        actions.start(task=phone_call(patient, person(sarah)), by=person(tom))
        self.transfer(patient, shelley, sarah)
        task = Task.objects.get()
        assert (task.status, task.claimed_by) == (status, tom if also_on_shelley else None)
        assert [event.action for event in task.events.all()] == events
        assert task.events.latest("pk").reason == (
            "from Byron to Shelley" if also_on_shelley else "Tom Baker has no access to Shelley"
        )

    def test_makes_an_older_page_out_of_date(self, byron: Ward, shelley: Ward, sarah: User) -> None:
        patient = patient_on(byron)
        page = phone_call(patient, person(sarah))
        self.transfer(patient, shelley, sarah)
        with pytest.raises(TaskChanged):
            actions.claim(task=page, by=person(sarah))


def discharge_of(stay: Stay, by: User) -> Discharge:
    """Return a discharge that only waits to be confirmed."""
    discharge = discharges.start(stay=stay, by=person(by))
    for item in discharge.checks.all():
        discharges.check(item=item, by=person(by))
    return discharge


class TestADischarge:
    def test_calls_off_what_is_open_and_leaves_the_rest(self, byron: Ward, sarah: User) -> None:
        patient, manager = patient_on(byron), member_of(byron, role=Role.WARD_ADMIN)
        done = actions.complete(task=phone_call(patient), by=person(sarah))
        begun = actions.start(task=phone_call(patient), by=person(sarah))
        visit, others = tribunal(patient), phone_call(patient_on(byron))
        stay = Stay.objects.select_related("ward").get(patient=patient)
        discharges.confirm(discharge=discharge_of(stay, sarah), by=person(manager))
        statuses = {task.pk: task.status for task in Task.objects.all()}
        assert statuses == {
            done.pk: "completed",
            begun.pk: "cancelled",
            visit.pk: "cancelled",
            others.pk: "pending",
        }
        event = visit.events.latest("pk")
        assert (event.action, event.by, event.reason) == (
            "cancel",
            manager,
            "The patient was discharged.",
        )

    def test_shows_beforehand_all_that_it_would_call_off(
        self, byron: Ward, shelley: Ward, sarah: User, client: Client
    ) -> None:
        patient = patient_on(byron)
        visit, left = tribunal(patient), phone_call(patient)
        actions.complete(task=phone_call(patient, title="Done by now"), by=person(sarah))
        moves.transfer(
            stay=Stay.objects.get(patient=patient),
            to=shelley,
            by=person(sarah),
            choices={field_name(left): Fate.STAYS},
        )
        client.force_login(member_of(shelley))
        shown = client.get(f"/patients/{patient.pk}/discharge/").content.decode()
        for task, ward in ((visit, "Shelley"), (left, "Byron")):
            assert f"<li>{task.title}, due Tue 27 Jan, {ward}</li>" in shown
        assert "Done by now" not in shown


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_discharge_and_clicks_on_the_patients_tasks_all_end(
        self, byron: Ward, sarah: User
    ) -> None:
        patient, manager = patient_on(byron), member_of(byron, role=Role.WARD_ADMIN)
        tasks = [phone_call(patient) for _ in range(6)]
        stay = Stay.objects.select_related("ward").get()
        discharge = discharge_of(stay, sarah)
        calls: list[Callable[[], object]] = [
            partial(actions.claim, task=Task.objects.get(pk=task.pk), by=person(sarah))
            for task in tasks
        ]
        calls.append(partial(discharges.confirm, discharge=discharge, by=person(manager)))
        *clicked, confirmed = at_once(*calls)
        assert isinstance(confirmed, Stay)
        assert {type(result) for result in clicked} <= {Task, TaskChanged}
        assert not Task.objects.open().exists()

    def test_a_transfer_and_clicks_on_the_patients_tasks_all_end(
        self, byron: Ward, shelley: Ward, sarah: User
    ) -> None:
        patient = patient_on(byron)
        tasks = [phone_call(patient, person(sarah)) for _ in range(6)]
        stay = Stay.objects.select_related("ward", "bed").get()
        clicks = [
            partial(actions.claim, task=Task.objects.get(pk=task.pk), by=person(sarah))
            for task in tasks
        ]
        transfer = partial(moves.transfer, stay=stay, to=shelley, by=person(sarah))
        calls: list[Callable[[], object]] = [*clicks, transfer]
        moved, *clicked = reversed(at_once(*calls))
        assert isinstance(moved, Stay)
        assert {type(result) for result in clicked} <= {Task, TaskChanged}
        for task in Task.objects.all():
            assert (task.ward, task.claimed_by) == (shelley, None)

    @pytest.mark.parametrize("round_", range(3))
    def test_work_that_is_added_during_a_transfer_stands_where_the_patient_is(
        self, byron: Ward, shelley: Ward, round_: int
    ) -> None:
        patient, by = patient_on(byron), person(senior_admin())
        stay = Stay.objects.select_related("ward", "bed").get()
        calls: list[Callable[[], object]] = [
            partial(moves.transfer, stay=stay, to=shelley, by=by),
            *(partial(phone_call, patient, by) for _ in range(4)),
        ]
        assert not [result for result in at_once(*calls) if isinstance(result, Exception)]
        assert {task.ward for task in Task.objects.all()} == {shelley}

    def test_of_two_who_edit_one_wins_and_the_other_is_told(self, byron: Ward, sarah: User) -> None:
        phone_call(patient_on(byron), person(sarah))
        edits = [
            partial(edit, task=Task.objects.get(), by=person(member_of(byron)), title=title)
            for title in ("Phone his mother", "Phone his father")
        ]
        results = at_once(*edits)
        assert sorted(type(result).__name__ for result in results) == ["Task", "TaskChanged"]
        assert Task.objects.get().version == 2

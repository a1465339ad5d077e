"""Tasks of patients in SystmOne and in the Hub: sent once, brought here, and compared."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from systmone import dispatcher, jobs, readings, task_readings, task_sending
from systmone.models import Call, Gateway, Link, Priority, Reading, SharedTask, State
from systmone.protocol.times import LOCAL
from systmone.simulator import UNLIMITED, Simulator
from systmone.simulator.clock import written
from systmone.simulator.documents import Element, build, text_of
from tasks import actions, patient_work
from tasks.models import Category, CategoryRule, Status, Task
from tests.factories import PatientFactory, WardFactory, member_of
from tests.systmone.gateway.conftest import NHS_NUMBER, befalls, spoken
from tests.threads import at_once
from wards import admissions
from wards.actors import person
from wards.models import Stay, User, Ward

BOTH = {"identifiers": ["QUILL, Beatrice, born 01 Jan 1980", "NHS number 943 476 5919"]}
UPDATE = "function=UpdatePatientRecord"

Read = Callable[[], None]


@pytest.fixture(autouse=True)
def _by_day(transactional_db: None) -> Iterator[None]:
    """Around midnight today's entries are not asked for."""
    if not 1 <= timezone.localtime().hour < 23:
        with time_machine.travel(timezone.now() - timedelta(hours=3)):
            yield
    else:
        yield


@pytest.fixture
def sending(gateway: Gateway) -> Gateway:
    Gateway.objects.update(task_type="General Task")
    gateway.refresh_from_db()
    return gateway


@pytest.fixture
def task(sending: Gateway, stay: Stay, sarah: User) -> Task:
    return patient_work.add_patient_task(
        patient=stay.patient,
        category=Category.PHONE_CALL,
        title="Phone the family",
        instructions="About leave",
        due_on=timezone.localdate(),
        by=person(sarah),
    )


class Desk:
    """What a SystmOne user does to the tasks of the patient."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        for old in self.tasks:
            self.complete(old)

    @property
    def _part(self) -> Element:
        record = self.simulator.desk.unit.patient(NHS_NUMBER)
        assert record is not None
        part = record.find("NonClinical")
        assert part is not None
        return part

    @property
    def tasks(self) -> list[Element]:
        return list(self._part.iterfind("Task"))

    def enter(self, words: str, days_ago: int = 0) -> Element:
        moment = written(datetime.now(LOCAL).replace(tzinfo=None) - timedelta(days=days_ago))
        parts = {
            "TaskUID": f"{len(words):016x}",
            "DateTime": moment,
            "TaskType": "General Task",
            "Status": "Not Started",
            "Content": f"Fri 20 Nov 10:00 - LITTLER, Drew\n{words}",
        }
        entered = build("Task", [build(tag, text) for tag, text in parts.items()], entered=moment)
        self._part.append(entered)
        return entered

    def complete(self, task: Element) -> None:
        self._part.remove(task)

    def open_again(self, task: Element) -> None:
        self._part.append(task)


@pytest.fixture
def desk(simulator: Simulator) -> Desk:
    return Desk(simulator)


def speak_and_take_in(gateway: Gateway) -> None:
    dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)
    for reading_id in readings.answered():
        jobs.take_in(reading_id)


@pytest.fixture
def _linked(stay: Stay, sarah: User) -> None:
    link(stay, sarah)


def link(stay: Stay, sarah: User) -> None:
    """Somebody has confirmed who the patient is in SystmOne."""
    Link.objects.create(
        patient=stay.patient,
        number=stay.patient.nhs_number,
        linked_by=sarah,
        linked_by_name=sarah.name,
        linked_at=timezone.now(),
    )


@pytest.fixture
def read(gateway: Gateway, _linked: None) -> Read:
    """Read what was entered today, as beat and its jobs do."""

    def once() -> None:
        task_readings.read_today(timezone.now())
        speak_and_take_in(gateway)

    return once


class TestSending:
    def test_a_task_is_shown_confirmed_sent_and_seen_to_arrive(
        self, client: Client, task: Task, sending: Gateway, desk: Desk, read: Read
    ) -> None:
        client.force_login(User.objects.get(name="Sarah Johnson"))
        page, push = f"/tasks/{task.public_id}/", f"/tasks/{task.public_id}/systmone/"
        assert "Push to SystmOne" in client.get(page).content.decode()
        preview = client.get(push).content.decode()
        assert "Phone the family\nAbout leave" in preview
        assert client.post(push, {}).status_code == 422
        client.post(push, BOTH)
        call = spoken(sending, Call.objects.get())
        assert call.state == State.SUCCEEDED
        (sent,) = desk.tasks
        assert call.reference in text_of(sent, "Content")
        assert text_of(sent, "TaskType") == "General Task"
        assert "Sent to SystmOne at" in client.get(page).content.decode()
        read()
        shown = client.get(page).content.decode()
        assert "Sent to SystmOne, open there, compared" in shown
        assert Task.objects.count() == 1  # it does not come back as another one

    @pytest.mark.parametrize("fault", ["no-answer-after-commit", "no-answer-before-commit"])
    def test_whatever_befalls_it_it_is_there_once(
        self, task: Task, sending: Gateway, desk: Desk, sarah: User, fault: str
    ) -> None:
        befalls(desk.simulator, f"{fault},{UPDATE},count=1")
        call = spoken(sending, task_sending.push(task=task, by=person(sarah)))
        assert (call.state, len(call.uids), len(desk.tasks)) == (State.SUCCEEDED, 1, 1)

    def test_pushed_by_three_at_once_it_is_one_call(
        self, task: Task, sending: Gateway, sarah: User
    ) -> None:
        at_once(*[lambda: task_sending.push(task=task, by=person(sarah))] * 3)
        assert (Call.objects.count(), SharedTask.objects.count()) == (1, 1)

    def test_it_is_deleted_from_systmone_and_stays_open_here(
        self, client: Client, task: Task, sending: Gateway, desk: Desk, read: Read
    ) -> None:
        sarah = User.objects.get(name="Sarah Johnson")
        client.force_login(sarah)
        call = spoken(sending, task_sending.push(task=task, by=person(sarah)))
        read()
        client.post(f"/tasks/{task.public_id}/systmone/delete/", {"reason": "Wrong patient"})
        spoken(sending, call.withdrawn_by.get())
        assert not desk.tasks
        read()
        task.refresh_from_db()
        assert task.is_open
        assert not SharedTask.objects.exists()
        again = task_sending.push(task=task, by=person(sarah))
        assert spoken(sending, again).state == State.SUCCEEDED
        assert len(desk.tasks) == 1

    def test_without_a_type_nothing_is_offered(
        self, client: Client, sarah: User, task: Task
    ) -> None:
        Gateway.objects.update(task_type="")
        client.force_login(sarah)
        assert "SystmOne" not in client.get(f"/tasks/{task.public_id}/").content.decode()

    def test_people_of_other_wards_see_nothing(self, client: Client, task: Task) -> None:
        client.force_login(member_of(WardFactory.create()))
        for path in ("", "state/", "delete/"):
            assert client.get(f"/tasks/{task.public_id}/systmone/{path}").status_code == 404


@pytest.mark.usefixtures("_linked")
class TestWhatIsEnteredInSystmOne:
    def test_it_appears_here_once(self, desk: Desk, read: Read, byron: Ward) -> None:
        desk.enter("Ask pharmacy about the depot date")
        for _ in range(3):
            read()
        task = Task.objects.get()
        assert (task.title, task.ward) == ("Ask pharmacy about the depot date", byron)
        assert "SystmOne: General Task" in task.instructions
        assert "LITTLER, Drew" in task.instructions
        assert task.events.get().source == "systmone"

    def test_taken_in_by_two_workers_at_once_it_is_there_once(
        self, desk: Desk, gateway: Gateway, stay: Stay
    ) -> None:
        desk.enter("Ask pharmacy about the depot date")
        task_readings.read_today(timezone.now())
        dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)
        (reading,) = readings.answered()
        assert at_once(*[lambda: jobs.take_in(reading)] * 3) == [None] * 3
        assert Task.objects.count() == 1

    def test_of_a_patient_who_is_not_linked_nothing_is_read_or_brought(
        self, desk: Desk, read: Read, task: Task, sending: Gateway, sarah: User
    ) -> None:
        Link.objects.all().delete()
        desk.enter("Ask pharmacy about the depot date")
        read()
        assert not Call.objects.exists()
        spoken(sending, task_sending.push(task=task, by=person(sarah)))
        read()  # what the Hub has sent is looked for
        assert SharedTask.objects.get().compared_at is not None
        assert Task.objects.count() == 1

    def test_an_older_one_stays_there(self, desk: Desk, read: Read) -> None:
        desk.enter("Ask pharmacy about the depot date", days_ago=5)
        read()
        assert not Task.objects.exists()

    def test_its_reading_needs_no_slot_for_a_record_and_waits_behind_people(
        self, gateway: Gateway, stay: Stay
    ) -> None:
        for _ in range(2):
            task_readings.read_today(timezone.now())
        call = Call.objects.get()
        assert (call.priority, call.takes_record_slot) == (Priority.BACKGROUND, False)

    def test_an_open_record_tells_nothing(
        self, desk: Desk, read: Read, simulator: Simulator
    ) -> None:
        desk.enter("Ask pharmacy about the depot date")
        simulator.open_record(NHS_NUMBER)
        read()
        assert not Task.objects.exists()

    def test_only_tasks_of_patients_on_the_gateways_wards_are_asked_for(
        self, gateway: Gateway, stay: Stay
    ) -> None:
        Stay.objects.update(ward=WardFactory.create())
        task_readings.read_today(timezone.now())
        Stay.objects.update(ward=gateway.wards_served.get().ward)
        Gateway.objects.update(test_patients_only=True)
        task_readings.read_today(timezone.now())
        assert not Call.objects.exists()


class TestComparing:
    @pytest.fixture
    def known(self, desk: Desk, read: Read) -> tuple[Task, Element]:
        entered = desk.enter("Ask pharmacy about the depot date")
        read()
        return Task.objects.get(), entered

    def test_done_there_it_is_done_here_and_opened_again_it_is_open_again(
        self, known: tuple[Task, Element], desk: Desk, read: Read
    ) -> None:
        task, entered = known
        desk.complete(entered)
        read()
        task.refresh_from_db()
        assert (task.status, task.completed_by_name) == (Status.COMPLETED, "SystmOne")
        desk.open_again(entered)
        read()
        task.refresh_from_db()
        assert task.status == Status.PENDING
        assert SharedTask.objects.get().conflict == ""

    def test_done_here_it_stays_done_and_says_that_it_is_open_there(
        self, known: tuple[Task, Element], read: Read, client: Client, sarah: User
    ) -> None:
        task, _ = known
        actions.complete(task=task, by=person(sarah))
        read()
        task.refresh_from_db()
        assert task.status == Status.COMPLETED
        client.force_login(sarah)
        shown = client.get(f"/tasks/{task.public_id}/").content.decode()
        assert "From SystmOne, open there, compared" in shown
        assert "Still open in SystmOne: close it there" in shown

    def test_called_off_here_and_done_there_it_is_done_and_the_conflict_is_shown(
        self, known: tuple[Task, Element], desk: Desk, read: Read, client: Client, sarah: User
    ) -> None:
        task, entered = known
        actions.cancel(task=task, by=person(sarah), reason="Not needed.")
        desk.complete(entered)
        for _ in range(2):
            read()
        task.refresh_from_db()
        assert task.status == Status.COMPLETED
        client.force_login(sarah)
        shown = client.get(f"/tasks/{task.public_id}/").content.decode()
        assert "Called off here, and meanwhile done in SystmOne: done" in shown

    def test_a_reading_that_fails_completes_nothing(
        self, known: tuple[Task, Element], desk: Desk, read: Read, simulator: Simulator
    ) -> None:
        task, entered = known
        desk.complete(entered)
        befalls(simulator, "permanent-error,function=GetPatientRecord,count=1")
        read()
        task.refresh_from_db()
        assert task.is_open

    def test_one_that_waits_for_its_absent_patient_is_compared_later(
        self, known: tuple[Task, Element], desk: Desk, read: Read, byron: Ward
    ) -> None:
        task, entered = known
        CategoryRule.objects.create(
            ward=byron,
            category=task.category,
            is_offered=True,
            carries_over=True,
            pauses_in_absence=True,
        )
        Stay.objects.update(status="absent")
        desk.complete(entered)
        read()
        task.refresh_from_db()
        assert task.is_open
        Stay.objects.update(status="active")
        read()
        task.refresh_from_db()
        assert task.status == Status.COMPLETED


@pytest.mark.usefixtures("_linked")
class TestAtNight:
    def test_every_record_is_read_once_and_one_of_yesterday_is_found_done(
        self, gateway: Gateway, stay: Stay, byron: Ward, sarah: User
    ) -> None:
        evening = datetime(2026, 11, 20, 20, 0, tzinfo=LOCAL)
        with time_machine.travel(evening) as clock, Simulator(limits=UNLIMITED) as simulator:
            use(gateway, simulator)
            desk = Desk(simulator)
            entered = desk.enter("Ask pharmacy about the depot date")
            task_readings.read_today(timezone.now())
            speak_and_take_in(gateway)
            assert Task.objects.get().is_open
            others = [number for number in simulator.numbers if number != NHS_NUMBER][:2]
            for number in others:
                patient = PatientFactory.create(nhs_number=number)
                link(admissions.admit(patient=patient, ward=byron, by=person(sarah)), sarah)
            desk.complete(entered)
            clock.move_to(datetime(2026, 11, 21, 0, 30, tzinfo=LOCAL))
            nightly = Call.objects.filter(reading__subject=f"all-tasks {gateway.pk}")
            for asked in (1, 2, 3, 3):
                task_readings.read_next_at_night(timezone.now())
                task_readings.read_next_at_night(timezone.now())
                assert nightly.count() == asked  # one at a time, and nobody twice
                speak_and_take_in(gateway)
            assert all(call.takes_record_slot for call in nightly)
            assert nightly.values("patient").distinct().count() == 3
            assert Task.objects.get(title__startswith="Ask").status == Status.COMPLETED

    def test_a_record_that_fails_is_tried_three_times_after_the_others(
        self, gateway: Gateway, stay: Stay, byron: Ward, sarah: User
    ) -> None:
        other = PatientFactory.create(nhs_number="9434765870")
        link(admissions.admit(patient=other, ward=byron, by=person(sarah)), sarah)
        order = []
        with time_machine.travel(datetime(2026, 11, 21, 0, 30, tzinfo=LOCAL)):
            for _ in range(8):
                task_readings.read_next_at_night(timezone.now())
                for call in Call.objects.waiting():
                    order.append(call.patient_id)
                    is_other = call.patient_id == other.pk
                    Call.objects.filter(pk=call.pk).update(
                        state=State.SUCCEEDED if is_other else State.FAILED,
                        problem="It is in use.",
                        settled_at=timezone.now(),
                    )
                Reading.objects.update(taken_in_at=timezone.now())
        assert order == [stay.patient_id, other.pk, stay.patient_id, stay.patient_id]

    @pytest.mark.parametrize("hour", [7, 12, 20])
    def test_by_day_no_whole_record_is_read(self, gateway: Gateway, stay: Stay, hour: int) -> None:
        task_readings.read_next_at_night(datetime(2026, 11, 20, hour, tzinfo=LOCAL))
        assert not Call.objects.exists()


def use(gateway: Gateway, simulator: Simulator) -> None:
    Gateway.objects.update(port=simulator.port, device_id=simulator.register_device())
    gateway.refresh_from_db()


class TestTwoGateways:
    def test_a_task_follows_its_patient_to_another_gateway_of_the_same_systmone(
        self, desk: Desk, read: Read, gateway: Gateway
    ) -> None:
        entered = desk.enter("Ask pharmacy about the depot date")
        read()
        Gateway.objects.filter(pk=gateway.pk).update(host="localhost")
        other = Gateway.objects.get(pk=gateway.pk)
        other.pk, other.name, other.host = None, "Another PC", gateway.host
        other.save()
        gateway.wards_served.update(gateway=other)
        task_readings.read_today(timezone.now())
        speak_and_take_in(other)
        assert SharedTask.objects.get().gateway == other
        desk.complete(entered)
        task_readings.read_today(timezone.now())
        speak_and_take_in(other)
        assert Task.objects.get().status == Status.COMPLETED

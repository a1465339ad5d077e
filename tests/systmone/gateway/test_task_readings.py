"""What is entered in SystmOne comes into the diary once: today's by day, all of it at night."""

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from systmone import dispatcher, jobs, readings, task_readings, task_sending
from systmone.models import Call, Gateway, Link, Priority, Reading, SharedTask, State
from systmone.protocol.times import LOCAL
from systmone.simulator import UNLIMITED, Simulator
from tasks.models import Status, Task
from tests.factories import PatientFactory, WardFactory
from tests.systmone.gateway.conftest import NHS_NUMBER, spoken
from tests.systmone.gateway.desk import Desk, Read, link, speak_and_take_in, use
from tests.threads import at_once
from wards import admissions
from wards.actors import person
from wards.models import Stay, User, Ward

pytestmark = pytest.mark.usefixtures("by_day")


@pytest.mark.usefixtures("linked")
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


@pytest.mark.usefixtures("linked")
class TestAtNight:
    def test_every_record_is_read_once_and_one_of_yesterday_is_found_done(
        self, gateway: Gateway, stay: Stay, byron: Ward, sarah: User
    ) -> None:
        evening = datetime(2026, 11, 20, 20, 0, tzinfo=LOCAL)
        with time_machine.travel(evening) as clock, Simulator(limits=UNLIMITED) as simulator:
            use(gateway, simulator)
            desk = Desk(simulator, NHS_NUMBER)
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

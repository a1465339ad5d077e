"""A SystmOne user at their desk, and the Hub that reads what they do to a patient's tasks."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from systmone import dispatcher, jobs, readings
from systmone.models import Gateway, Link
from systmone.protocol.times import LOCAL
from systmone.simulator import Simulator
from systmone.simulator.clock import written
from systmone.simulator.documents import Element, build, set_text, text_of
from wards.models import Stay, User

Read = Callable[[], None]


class Desk:
    """What a SystmOne user does to the tasks of the patient."""

    def __init__(self, simulator: Simulator, number: str) -> None:
        self.simulator, self.number = simulator, number
        for old in self.tasks:
            self.complete(old)

    @property
    def _part(self) -> Element:
        record = self.simulator.desk.unit.patient(self.number)
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

    def change(self, task: Element, words: str) -> None:
        first_line = text_of(task, "Content").partition("\n")[0]
        set_text(task, "Content", f"{first_line}\n{words}")

    def put_off(self, task: Element, due: date) -> None:
        set_text(task, "Due", written(datetime.combine(due, time(17, 0))))

    def open_again(self, task: Element) -> None:
        self._part.append(task)


def link(stay: Stay, sarah: User) -> None:
    """Somebody has confirmed who the patient is in SystmOne."""
    Link.objects.create(
        patient=stay.patient,
        number=stay.patient.nhs_number,
        linked_by=sarah,
        linked_by_name=sarah.name,
        linked_at=timezone.now(),
    )


def speak_and_take_in(gateway: Gateway) -> None:
    dispatcher.speak(gateway_id=gateway.pk, seconds=5, lingers=0)
    for reading_id in readings.answered():
        jobs.take_in(reading_id)


def use(gateway: Gateway, simulator: Simulator) -> None:
    Gateway.objects.update(port=simulator.port, device_id=simulator.register_device())
    gateway.refresh_from_db()

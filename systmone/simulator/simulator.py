"""The stand-in for a SystmOne client, to start inside a test or from the command line."""

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from systmone.simulator.clock import Clock, local_now
from systmone.simulator.connections import Arrival, Connection, Port
from systmone.simulator.delivery import Delivery
from systmone.simulator.desk import Desk
from systmone.simulator.devices import Approval, Devices
from systmone.simulator.documents import Element, published, texts_of
from systmone.simulator.faults import Fault, FaultPlan, Kind
from systmone.simulator.fiction.unit import fictional_unit
from systmone.simulator.framing import Unreadable
from systmone.simulator.journal import Journal
from systmone.simulator.reception import Reception, Verdict
from systmone.simulator.storage import load_or_create, save
from systmone.simulator.throttle import REAL_LIMITS, Limits, Throttle
from systmone.simulator.unit import Unit

RESTARTS = frozenset({Kind.RESTART, Kind.RESTART_AFTER_COMMIT})


class Simulator:
    """A SystmOne client with one user, on a port of its own.

    Use it as a context manager, or call `start` and `stop`. The unit is invented from `seed`,
    unless `unit` gives one or the file `data` holds one; every change is stored in that file.
    `api_key` is the only one accepted, None accepts any. Methods may be called from any thread.
    """

    def __init__(
        self,
        *,
        unit: Element | None = None,
        seed: int = 1,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        approve: str = "auto",
        api_key: str | None = None,
        limits: Limits = REAL_LIMITS,
        faults: Iterable[Fault] = (),
        script: Iterable[Fault | None] = (),
        journal: Path | None = None,
        clock: Clock = local_now,
    ) -> None:
        self._lock = threading.RLock()
        self.desk = Desk(_unit(unit, seed, data, clock))
        self.devices = Devices(self.desk.unit, Approval(approve), api_key, self._lock)
        self.faults = FaultPlan(seed, faults, script)
        self.journal = Journal(journal)
        self._stopping = threading.Event()
        self._exited = threading.Event()
        self._delivery = Delivery(seed, self._stopping)
        self._reception = Reception(
            desk=self.desk,
            devices=self.devices,
            throttle=Throttle(limits),
            faults=self.faults,
            journal=self.journal,
            clock=clock,
            lock=self._lock,
        )
        self._port = Port(host, port)
        self._worker = threading.Thread(target=self._work, name="SystmOne simulator", daemon=True)

    @property
    def host(self) -> str:
        """The address on which it listens."""
        return str(self._port.host)

    @property
    def port(self) -> int:
        """The port on which it listens, known even before it does."""
        return int(self._port.port)

    @property
    def connections_made(self) -> int:
        """How many connections applications have made."""
        return self._port.connections_made

    def start(self) -> None:
        """Listen."""
        self._port.open()
        self._worker.start()

    def stop(self) -> None:
        """End as the client does on exit: cut what is open, forget what was not saved."""
        self._stopping.set()
        self.devices.leave()
        self._port.release()
        self._port.arrivals.put(None)
        self._worker.join()
        self._leave()
        self.journal.close()

    def __enter__(self) -> "Simulator":
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def register_device(self, api_key: str = "f31e26725b5491f2", version: str = "v1.0") -> str:
        """Approve an application without asking, and return its DeviceID."""
        with self._lock:
            return self.devices.register(api_key, version)

    def open_record(self, number: str) -> None:
        """Let the user open a record, so that it is displayed."""
        with self._lock:
            self.desk.display(number)

    def retrieve_in_background(self, number: str) -> None:
        """Let a workflow hold a record open that cannot be displayed."""
        with self._lock:
            self.desk.retrieve_in_background(number)

    def release_from_background(self, number: str) -> None:
        """End what `retrieve_in_background` began."""
        with self._lock:
            self.desk.release_from_background(number)

    def save_record(self) -> None:
        """Let the user save the displayed record: what waits is committed, the record closes."""
        with self._lock:
            self.desk.save()

    def discard_record(self) -> None:
        """Let the user discard what waits, and close the displayed record."""
        with self._lock:
            self.desk.discard()

    def committed(self, number: str) -> Element:
        """Return a copy of a patient's record as it is committed."""
        with self._lock:
            patient = self.desk.unit.patient(number)
            if patient is None:
                raise LookupError(f"{number} is no patient of this unit")
            return published(patient)

    def committed_lines(self, number: str) -> list[str]:
        """Return all lines of narrative in a patient's committed record, oldest first."""
        return texts_of(self.committed(number), "Clinical/Event/Narrative/Line")

    @property
    def numbers(self) -> list[str]:
        """The NHS numbers, or pseudo numbers, of all patients."""
        return self.desk.unit.numbers

    def wait_for_exit(self, seconds: float | None = None) -> bool:
        """Wait until a request has made the client exit; say whether it has."""
        return self._exited.wait(seconds)

    def _work(self) -> None:
        while (arrival := self._port.arrivals.get()) is not None:
            self._serve(arrival)

    def _serve(self, arrival: Arrival) -> None:
        connection, what = arrival
        if what is None:
            connection.close()
        elif isinstance(what, Unreadable):
            self._delivery.deliver(connection, self._reception.take_unreadable(what))
            connection.finish()
        elif not connection.is_cut:
            verdict = self._reception.take(what)
            self._delivery.deliver(connection, verdict)
            self._follow_up(connection, verdict)

    def _follow_up(self, connection: Connection, verdict: Verdict) -> None:
        if verdict.leaves:
            self._exit()
            self._exited.set()
        elif verdict.fault is not None and verdict.fault.kind in RESTARTS:
            self._exit()
            self._come_back(verdict.fault.seconds)
        elif verdict.fault is not None and verdict.fault.kind is Kind.REFUSE_CONNECTIONS:
            self._port.close()
            connection.cut()
            self._come_back(verdict.fault.seconds)

    def _exit(self) -> None:
        self._port.close()
        self._port.cut_connections()
        self._leave()

    def _come_back(self, seconds: float) -> None:
        if not self._stopping.wait(seconds):
            self._port.open()

    def _leave(self) -> None:
        with self._lock:
            self.desk.leave()


def _unit(unit: Element | None, seed: int, data: Path | None, clock: Clock) -> Unit:
    def create() -> Element:
        return fictional_unit(seed, clock().date()) if unit is None else unit

    if data is None:
        return Unit(create())
    return Unit(load_or_create(data, create), lambda root: save(data, root))

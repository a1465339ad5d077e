"""From a document to its answer: throttle, device, faults, schema, function."""

import logging
import threading
from dataclasses import dataclass

from systmone.simulator import schemas
from systmone.simulator.clock import Clock, written
from systmone.simulator.coding import check_output_scheme
from systmone.simulator.desk import IN_USE, Desk
from systmone.simulator.devices import ClientLeft, Devices
from systmone.simulator.envelope import NotARequest, Request, answer, read, refusal, remains
from systmone.simulator.faults import BEFORE_COMMIT, REFUSALS, WITHOUT_ANSWER, Fault, FaultPlan
from systmone.simulator.faults import Kind as FaultKind
from systmone.simulator.framing import Unreadable
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.functions.organisation import lists_of
from systmone.simulator.functions.registry import function_for
from systmone.simulator.journal import LONGEST_REQUEST, Entry, Journal, Outcome
from systmone.simulator.refusals import Refused, RefusedPermanently, RefusedTemporarily
from systmone.simulator.throttle import Throttle

logger = logging.getLogger(__name__)

ON_DEMAND: dict[FaultKind, Refused] = {
    FaultKind.TEMPORARY_ERROR: RefusedTemporarily("SystmOne is busy, please try again later"),
    FaultKind.PERMANENT_ERROR: RefusedPermanently("SystmOne cannot carry out this request"),
    FaultKind.RECORD_IN_USE: RefusedTemporarily(IN_USE),
}


@dataclass(frozen=True)
class Verdict:
    """What is sent for a document: nothing where `answer` is None. `leaves` ends the client."""

    answer: bytes | None
    fault: Fault | None = None
    leaves: bool = False


@dataclass(frozen=True)
class _Result:
    answer: bytes
    outcome: Outcome
    device: str
    committed: bool = False


class Reception:
    """Takes one document at a time; the lock is held while the unit is read or changed."""

    def __init__(
        self,
        *,
        desk: Desk,
        devices: Devices,
        throttle: Throttle,
        faults: FaultPlan,
        journal: Journal,
        clock: Clock,
        lock: threading.RLock,
    ) -> None:
        self._desk = desk
        self._devices = devices
        self._throttle = throttle
        self._faults = faults
        self._journal = journal
        self._clock = clock
        self._lock = lock

    def take(self, document: bytes) -> Verdict:
        """Process one whole document."""
        try:
            request = read(document)
        except NotARequest as error:
            return self._refuse_unreadable(document, str(error))
        if not self._throttle.admits(request, self._clock().date()):
            self._note(request, document, Outcome.THROTTLED)
            return Verdict(None)
        fault = self._faults.choose(request.function)
        if fault is not None and fault.kind in BEFORE_COMMIT:
            self._note(request, document, Outcome.NOT_ANSWERED, fault=fault)
            return Verdict(None, fault)
        return self._process(request, document, fault)

    def take_unreadable(self, error: Unreadable) -> Verdict:
        """Answer what was no XML."""
        return self._refuse_unreadable(error.data, str(error))

    def _process(self, request: Request, document: bytes, fault: Fault | None) -> Verdict:
        with self._lock:
            try:
                result = self._result(request, fault)
            except ClientLeft:
                self._note(request, document, Outcome.NOT_ANSWERED)
                return Verdict(None)
        is_answered = fault is None or fault.kind not in WITHOUT_ANSWER
        self._note(
            request,
            document,
            result.outcome if is_answered else Outcome.NOT_ANSWERED,
            fault=fault,
            committed=result.committed,
            device=result.device,
            error="" if result.outcome is Outcome.ANSWERED else result.answer.decode(),
        )
        leaves = request.function == "ExitClient" and result.outcome is Outcome.ANSWERED
        return Verdict(result.answer if is_answered else None, fault, leaves)

    def _result(self, request: Request, fault: Fault | None) -> _Result:
        device = request.device
        try:
            device = self._devices.identify(request)
            if fault is not None and fault.kind in REFUSALS:
                raise ON_DEMAND[fault.kind]
            commits = self._desk.unit.commits
            reply = self._reply(request, device)
            committed = self._desk.unit.commits != commits
        except Refused as refused:
            permanence = str(refused.permanent).lower()
            outcome = (
                Outcome.REFUSED_PERMANENTLY if refused.permanent else Outcome.REFUSED_TEMPORARILY
            )
            return _Result(refusal(request, device, str(refused), permanence), outcome, device)
        return _Result(answer(request, device, reply), Outcome.ANSWERED, device, committed)

    def _reply(self, request: Request, device: str) -> Reply:
        function = function_for(request.function, request.function_version)
        check_output_scheme(request)
        fault = schemas.fault_in(request.document, request.function, lists_of(self._desk.unit))
        if fault:
            raise RefusedPermanently(fault)
        try:
            return function(Call(request, self._desk, device, self._clock()))
        except Refused:
            raise
        except Exception:
            logger.exception("The simulator failed at %s", request.function)
            raise RefusedPermanently("SystmOne met an unexpected error") from None

    def _refuse_unreadable(self, document: bytes, reason: str) -> Verdict:
        request = remains(document[:LONGEST_REQUEST])
        error = refusal(request, request.device, reason, "true")
        self._note(request, document, Outcome.UNREADABLE, error=error.decode())
        return Verdict(error)

    def _note(
        self,
        request: Request,
        document: bytes,
        outcome: Outcome,
        *,
        fault: Fault | None = None,
        committed: bool = False,
        device: str = "",
        error: str = "",
    ) -> None:
        self._journal.write(
            Entry(
                number=self._journal.next_number(),
                time=written(self._clock()),
                request_uid=request.uid,
                device=device or request.device,
                device_version=request.device_version,
                function=request.function,
                outcome=outcome,
                fault="" if fault is None else str(fault.kind),
                committed=committed,
                request=document[:LONGEST_REQUEST].decode(errors="replace"),
                error=error,
            )
        )

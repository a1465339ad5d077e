"""A client of SystmOne: one call at a time, each ends with an answer or with one known error.

    with Client(Settings(api_key="…"), MemoryDeviceStore()) as client:
        answer = client.call(PatientSearch(surname="Swift", gender="F"))
        for patient in answer.response.results:
            ...

Thread-safe, but not to be shared with a forked process: callers take turns, since SystmOne takes
one request at a time. One connection is kept and used again. A new one is made when it is lost, and
after every call that ended without its answer, so that a late answer is never read as the answer to
something else.
"""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar, cast

from systmone.protocol.answers import Answer, refusal
from systmone.protocol.connection import Connection
from systmone.protocol.devices import DeviceStore
from systmone.protocol.dialect import DEFAULT_DIALECT, Dialect, same_function
from systmone.protocol.documents import MAXIMUM_BYTES, serialise
from systmone.protocol.envelope import (
    DEFAULT_SCHEME,
    OutputScheme,
    RequestEnvelope,
    ResponseEnvelope,
    read_response,
)
from systmone.protocol.errors import (
    NotConnected,
    NotSent,
    NotTheProtocol,
    OutcomeUnknown,
    RefusedTemporarily,
    SystmOneError,
)
from systmone.protocol.functions.get_functions import GetFunctions
from systmone.protocol.pace import MemoryPast, PastStore
from systmone.protocol.requests import Request
from systmone.protocol.schemas import Schemas
from systmone.protocol.throttle import TPP_LIMITS, Limits, Past, earliest
from systmone.protocol.values import Value

ResponseT = TypeVar("ResponseT", bound=Value)


@dataclass(frozen=True)
class Settings:
    """How to speak to one SystmOne client. All times in seconds.

    timeout: for connecting, sending and the answer together, per attempt.
    approval_timeout: the same without a device id, when a SystmOne user must approve first.
    attempts: how often a request is sent that may be repeated; pause: between two of its attempts.
    schemas: checks each request before it is sent; None does not.
    """

    api_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 40700
    device_version: str = "Inpatient Hub"
    timeout: float = 20.0
    approval_timeout: float = 300.0
    attempts: int = 3
    pause: float = 1.0
    limits: Limits = TPP_LIMITS
    dialect: Dialect = DEFAULT_DIALECT
    output_scheme: OutputScheme = DEFAULT_SCHEME
    schemas: Schemas | None = None
    maximum_bytes: int = MAXIMUM_BYTES


class Client:
    """Speaks to one SystmOne client."""

    def __init__(
        self,
        settings: Settings,
        devices: DeviceStore,
        past: PastStore | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connects at the first call.

        past: keeps when requests last went to this SystmOne client, on `clock`; shared by all who
        speak to it, so that the throttle holds across processes. In memory by default.
        """
        self._settings = settings
        self._devices = devices
        self._past = past or MemoryPast()
        self._clock = clock
        self._connection: Connection | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection once no call uses it; the next call makes a new one."""
        with self._turn:
            self._disconnect()

    @property
    def past(self) -> Past:
        """When requests last went to this SystmOne client."""
        return self._past.load()

    def call(
        self,
        request: Request[ResponseT],
        *,
        request_uid: str = "",
        within: float = float("inf"),
    ) -> Answer[ResponseT]:
        """Send `request` when its turn comes, and give SystmOne's answer.

        request_uid: stands in SystmOne's audit; a new UUID by default.
        within: seconds for all of it, waiting and further attempts included.

        A request that may be repeated is, after every failure that leaves hope; any other is sent
        once. One that may not be repeated goes only with a device id: without one, GetFunctions
        asks for it first, so that no write waits for an approval.

        Raises InvalidRequest, NotConnected, NotSent, OutcomeUnknown, NotTheProtocol,
        RefusedTemporarily, RefusedPermanently or Blocked.
        """
        request.check_readable()
        request.check()
        uid = request_uid or str(uuid.uuid4())
        self._document(request, uid, "")  # before anybody is asked to approve what cannot be sent
        end = time.monotonic() + within
        if not within > 0 or not self._turn.acquire(timeout=min(within, threading.TIMEOUT_MAX)):
            raise NotSent("There was no time left for it.")
        try:
            if not request.repeatable and not self._devices.load():
                self._ask_for_a_device_id(end)
            return self._attempts(request, uid, end)
        finally:
            self._turn.release()

    def _ask_for_a_device_id(self, end: float) -> None:
        """Have the device approved. Raises NotSent where that does not end with a device id."""
        try:
            self._attempt(GetFunctions(), str(uuid.uuid4()), end)
        except OutcomeUnknown as error:
            raise NotSent(
                f"This device has no id yet, and asking for one failed: {error}"
            ) from error
        if not self._devices.load():
            raise NotSent("This device has no id yet, and SystmOne gave it none.")

    def _attempts(
        self, request: Request[ResponseT], request_uid: str, end: float
    ) -> Answer[ResponseT]:
        attempts = self._settings.attempts if request.repeatable and self._devices.load() else 1
        failure: SystmOneError | None = None
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(request, request_uid, end)
            except NotTheProtocol:
                raise
            except NotSent as error:
                failure = failure or error  # what an attempt that was sent met says more
            except (NotConnected, OutcomeUnknown, RefusedTemporarily) as error:
                failure = error
            if attempt == attempts or time.monotonic() + self._settings.pause >= end:
                break
            time.sleep(self._settings.pause)
        raise failure or NotSent("No attempt was made.")

    def _attempt(
        self, request: Request[ResponseT], request_uid: str, end: float
    ) -> Answer[ResponseT]:
        device_id = self._devices.load()
        document = self._document(request, request_uid, device_id)
        self._wait_for_the_throttle(request, end)
        timeout = self._settings.timeout if device_id else self._settings.approval_timeout
        try:
            answer = self._exchange(
                request, document, request_uid, min(end, time.monotonic() + timeout)
            )
        except BaseException as error:
            # An interrupted call too leaves a connection that nobody may use again.
            self._disconnect()
            if isinstance(error, SystmOneError):
                error.sent_document = document
            raise
        if answer.device_id and answer.device_id != device_id:
            self._devices.save(answer.device_id)
        if refused := refusal(answer, request.function):
            refused.sent_document = document
            raise refused
        response = cast("ResponseT", request.response.from_xml(answer.response))
        if not request.is_answered_by(response):
            raise _unclear(document)
        return Answer(response=response, envelope=answer, sent_document=document)

    def _document(self, request: Request[Value], request_uid: str, device_id: str) -> bytes:
        parameters = request.parameters()
        self._settings.dialect.apply(parameters)
        envelope = RequestEnvelope(
            api_key=self._settings.api_key,
            device_id=device_id,
            device_version=self._settings.device_version,
            request_uid=request_uid,
            function=self._settings.dialect.function_name(request.function),
            function_version=request.version,
            output_scheme=self._settings.output_scheme,
        )
        element = envelope.element(parameters)
        if self._settings.schemas:
            self._settings.schemas.check(element)
        return serialise(element) + b"\n"

    def _wait_for_the_throttle(self, request: Request[Value], end: float) -> None:
        """Wait until `request` may go. Raises NotSent, at once, if that is after `end`."""
        past = self.past.as_of(self._clock())
        while True:
            need = request.need(datetime.now(UTC), self._settings.limits)
            wait = earliest(need, past, self._settings.limits) - self._clock()
            if wait <= 0:
                return
            if time.monotonic() + wait > end:
                raise NotSent("SystmOne's limit does not let this request go in time.")
            time.sleep(wait)

    def _exchange(
        self, request: Request[Value], document: bytes, request_uid: str, deadline: float
    ) -> ResponseEnvelope:
        connection = self._quiet_connection(deadline)
        need = request.need(datetime.now(UTC), self._settings.limits)
        self._past.save(self.past.after_sending(need, self._clock()))
        sent = self._clock()  # later than was saved, where saving took a while
        try:
            connection.send(document, deadline)
            return self._answer(connection, request, request_uid, deadline)
        finally:
            past = self.past.after_sending(need, sent)
            self._past.save(past.after_answer(need, self._clock()))

    def _quiet_connection(self, deadline: float) -> Connection:
        """The connection, or a new one where it ended or something unasked lies on it."""
        if self._connection is None or not self._connection.is_quiet():
            self._disconnect()
            self._connection = Connection(
                self._settings.host, self._settings.port, deadline, self._settings.maximum_bytes
            )
        return self._connection

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _answer(
        self, connection: Connection, request: Request[Value], request_uid: str, deadline: float
    ) -> ResponseEnvelope:
        """The answer to our request; answers to anything else are passed over."""
        while True:
            for document in connection.receive(deadline):
                answer = read_response(document, self._settings.maximum_bytes)
                if answer.request_uid == request_uid and same_function(
                    answer.function, self._settings.dialect.function_name(request.function)
                ):
                    return answer


def _unclear(document: bytes) -> OutcomeUnknown:
    error = OutcomeUnknown("The answer does not say what became of the record.")
    error.sent_document = document
    return error

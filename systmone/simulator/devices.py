"""Which applications may speak to this client (section Device ID Allocation)."""

import secrets
import threading
from dataclasses import dataclass
from enum import StrEnum

from systmone.simulator.documents import Element, build
from systmone.simulator.envelope import Request
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.unit import Unit

BLOCKED = "The request was blocked: a SystmOne user has blocked this application"


class ClientLeft(Exception):
    """The client ended while it asked its user; the request gets no answer."""


class Approval(StrEnum):
    """What happens when an application comes for the first time."""

    AUTO = "auto"
    ASK = "ask"
    BLOCK = "block"


@dataclass(frozen=True)
class Question:
    """An application that waits for a person to approve or block it."""

    api_key: str
    device_version: str


class Devices:
    """The unit's Devices: those that were approved and those that were blocked. Thread-safe."""

    def __init__(
        self, unit: Unit, approval: Approval, api_key: str | None, lock: threading.RLock
    ) -> None:
        self._unit = unit
        self._approval = approval
        self._api_key = api_key
        # Waiting for a person sets the lock free, so that the page can show and change the unit.
        self._news = threading.Condition(lock)
        self._decision: Approval | None = None
        self._leaving = False
        self.question: Question | None = None

    def identify(self, request: Request) -> str:
        """Return the DeviceID of the application, a new one where it has none and is approved."""
        if not request.api_key or self._api_key not in (None, request.api_key):
            raise RefusedPermanently("The API key is not valid")
        if request.device:
            return self._known(request.device)
        is_blocked = any(
            device.get("Status") == "blocked"
            for device in self.all()
            if device.get("APIKey") == request.api_key
            and device.get("Version") == request.device_version
        )
        if is_blocked:
            raise RefusedPermanently(BLOCKED)
        return self._decide(request)

    def register(self, api_key: str, device_version: str) -> str:
        """Approve an application and return its new DeviceID."""
        return self._add(api_key, device_version, "approved")

    def all(self) -> list[Element]:
        """Return the devices as elements with ID, APIKey, Version and Status."""
        with self._news:
            return list(self._unit.part("Devices"))

    def block(self, device: str) -> None:
        """Block a device that was approved."""
        self._set_status(device, "blocked")

    def lift_block(self, device: str) -> None:
        """Remove a block, as SystmOne's Device Manager does."""
        self._set_status(device, "approved")

    def decide(self, approval: Approval) -> None:
        """Answer the question that waits: `Approval.AUTO` approves, `Approval.BLOCK` blocks."""
        with self._news:
            if self.question is not None:
                self._decision = approval
                self._news.notify_all()

    def wait_for_question(self, seconds: float) -> Question | None:
        """Return the question that waits for a person, or None when there is none in time."""
        with self._news:
            self._news.wait_for(lambda: self.question is not None, seconds)
            return self.question

    def wait_until_decided(self) -> None:
        """Return when the worker has taken the answer, and no question waits."""
        with self._news:
            self._news.wait_for(lambda: self._decision is None or self._leaving)

    def leave(self) -> None:
        """End the wait for a person, because the client ends."""
        with self._news:
            self._leaving = True
            self._news.notify_all()

    def _decide(self, request: Request) -> str:
        approval = self._approval
        if approval is Approval.ASK:
            approval = self._ask(request)
        if approval is Approval.BLOCK:
            self._add(request.api_key, request.device_version, "blocked")
            raise RefusedPermanently(BLOCKED)
        return self._add(request.api_key, request.device_version, "approved")

    def _ask(self, request: Request) -> Approval:
        with self._news:
            self._decision = None
            self.question = Question(request.api_key, request.device_version)
            self._news.notify_all()
            self._news.wait_for(lambda: self._decision is not None or self._leaving)
            decision, self._decision, self.question = self._decision, None, None
            self._news.notify_all()
            if decision is None:
                raise ClientLeft
            return decision

    def _known(self, identifier: str) -> str:
        device = self._find(identifier)
        if device is None:
            raise RefusedPermanently("The DeviceID is not known to SystmOne")
        if device.get("Status") == "blocked":
            raise RefusedPermanently(BLOCKED)
        return identifier

    def _add(self, api_key: str, device_version: str, status: str) -> str:
        identifier = secrets.token_hex(8)
        with self._news:
            self._unit.part("Devices").append(
                build(
                    "Device",
                    ID=identifier,
                    APIKey=api_key,
                    Version=device_version,
                    Status=status,
                )
            )
            self._unit.changed()
        return identifier

    def _set_status(self, identifier: str, status: str) -> None:
        with self._news:
            device = self._find(identifier)
            if device is not None:
                device.set("Status", status)
                self._unit.changed()

    def _find(self, identifier: str) -> Element | None:
        return next((d for d in self.all() if d.get("ID") == identifier), None)

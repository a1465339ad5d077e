"""When the SystmOne client takes up a request and when it drops it without an answer.

Sections Introduction and GetPatientRecord: one request per second, over all connections; one
GetPatientRecord per thirty seconds, unless it is for demographics alone or for today's entries.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from systmone.simulator.documents import text_of
from systmone.simulator.envelope import Request

CATEGORIES = frozenset(
    {
        "Appointments",
        "CarePlans",
        "Demographics",
        "ClinicalCodes",
        "ClinicalCode",
        "Letters",
        "Medication",
        "Sensitivities",
        "Recalls",
        "Referrals",
        "Relationships",
        "Results",
        "Vaccinations",
        "Numeric",
        "Reminders",
        "Activity",
        "Attachments",
        "Narrative",
        "Visits",
        "Tasks",
    }
)


@dataclass(frozen=True)
class Limits:
    """The least seconds between two requests, and between two whole records; 0 means no limit."""

    between_requests: float = 1.0
    between_records: float = 30.0


REAL_LIMITS = Limits()
UNLIMITED = Limits(between_requests=0, between_records=0)


def is_whole_record(request: Request, today: date) -> bool:
    """Say whether the thirty-second limit applies to this request."""
    if request.function != "GetPatientRecord":
        return False
    filters = request.parameters.find("Filter")
    if filters is None:
        return True
    if {child.tag for child in filters if child.tag in CATEGORIES} == {"Demographics"}:
        return False
    dates = (text_of(filters, "MinEntryDate"), text_of(filters, "MaxEntryDate"))
    return dates != (today.isoformat(), today.isoformat())


class Throttle:
    """Counts from the moment at which the last request that was not dropped was taken up."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._last_request = float("-inf")
        self._last_record = float("-inf")

    def admits(self, request: Request, today: date) -> bool:
        """Take up the request, or say no; a request that is dropped starts no new waiting time."""
        now = self._clock()
        whole_record = is_whole_record(request, today)
        if now - self._last_request < self._limits.between_requests:
            return False
        if whole_record and now - self._last_record < self._limits.between_records:
            return False
        self._last_request = now
        if whole_record:
            self._last_record = now
        return True

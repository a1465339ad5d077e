from systmone.models.alert import Kind, SentAlert
from systmone.models.call import WRITES, Attempt, Call, Decision, Priority, State
from systmone.models.gateway import DischargeLogs, Gateway, GatewayWard, Lease
from systmone.models.link import Link
from systmone.models.lookup import Lookup
from systmone.models.reading import Booking, Reading
from systmone.models.shared_task import SharedTask
from systmone.models.staff import StaffMember
from systmone.models.submission import Submission

__all__ = [
    "WRITES",
    "Attempt",
    "Booking",
    "Call",
    "Decision",
    "DischargeLogs",
    "Gateway",
    "GatewayWard",
    "Kind",
    "Lease",
    "Link",
    "Lookup",
    "Priority",
    "Reading",
    "SentAlert",
    "SharedTask",
    "StaffMember",
    "State",
    "Submission",
]

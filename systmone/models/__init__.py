from systmone.models.call import Attempt, Call, Decision, Priority, State
from systmone.models.gateway import DischargeLogs, Gateway, GatewayWard, Lease
from systmone.models.reading import Booking, Reading
from systmone.models.staff import StaffMember
from systmone.models.submission import Submission

__all__ = [
    "Attempt",
    "Booking",
    "Call",
    "Decision",
    "DischargeLogs",
    "Gateway",
    "GatewayWard",
    "Lease",
    "Priority",
    "Reading",
    "StaffMember",
    "State",
    "Submission",
]

"""GetAppointmentSlots: free slots in the appointment book."""

from datetime import datetime
from typing import ClassVar

from systmone.protocol.record.bookings import Clinic
from systmone.protocol.requests import Request, check_order
from systmone.protocol.values import Value


class AppointmentSlots(Value):
    """The answer: clinics with their free slots."""

    clinics: tuple[Clinic, ...] = ()


class GetAppointmentSlots(Request[AppointmentSlots]):
    """Ask for free slots, all or only those of some times, users, sites, clinic and slot types."""

    function: ClassVar = "GetAppointmentSlots"
    summary: ClassVar = "free slots in the appointment book"
    response: ClassVar = AppointmentSlots

    min_date_time: datetime | None = None
    max_date_time: datetime | None = None
    user_names: tuple[str, ...] = ()
    site_names: tuple[str, ...] = ()
    clinic_types: tuple[str, ...] = ()
    slot_types: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise InvalidRequest for times in the wrong order."""
        check_order("GetAppointmentSlots", self.min_date_time, self.max_date_time)

"""GetDiary: coming appointments and visits of patients."""

from datetime import datetime
from typing import ClassVar

from systmone.protocol.identity import Identity
from systmone.protocol.record.bookings import Appointment, Visit
from systmone.protocol.record.people import Demographics
from systmone.protocol.requests import Request, check_order
from systmone.protocol.values import Value


class DiaryEntries(Value):
    """One patient's appointments and visits; demographics are name, date of birth and sex."""

    identity: Identity | None = None
    demographics: Demographics | None = None
    appointments: tuple[Appointment, ...] = ()
    visits: tuple[Visit, ...] = ()


class Diary(Value):
    """The answer: the entries by patient."""

    results: tuple[DiaryEntries, ...] = ()


class GetDiary(Request[Diary]):
    """Ask for the diary; `appointments` or `visits` alone restricts it to these.

    Sites restrict appointments only, for a visit has no site.
    """

    function: ClassVar = "GetDiary"
    summary: ClassVar = "coming appointments and visits"
    response: ClassVar = Diary

    min_date_time: datetime | None = None
    max_date_time: datetime | None = None
    user_names: tuple[str, ...] = ()
    site_names: tuple[str, ...] = ()
    appointments: bool = False
    visits: bool = False

    def check(self) -> None:
        """Raise InvalidRequest for times in the wrong order."""
        check_order("GetDiary", self.min_date_time, self.max_date_time)

"""Appointments, slots, visits and workflow tasks."""

from datetime import datetime
from decimal import Decimal

from systmone.protocol.errors import InvalidRequest
from systmone.protocol.values import Value


class Slot(Value):
    """A slot of a clinic; `duration` in minutes."""

    slot_type: str | None = None
    date_time_start: datetime | None = None
    duration: Decimal | None = None


class Clinic(Value):
    """A clinic and slots in it (specification: GetAppointmentSlots)."""

    user_name: str | None = None
    site_name: str | None = None
    clinic_type: str | None = None
    slots: tuple[Slot, ...] = ()


class Appointment(Value):
    """A patient's appointment, in the record's flat form or the diary's nested one.

    To book: `clinic` with the one free slot that it takes. To update: `appointment_uid` and what
    changes. `starts`, `minutes`, `held_by`, `held_at` answer for both forms; `duration` in minutes.
    """

    date_time: datetime | None = None
    duration: Decimal | None = None
    clinician: str | None = None
    user_name: str | None = None
    site: str | None = None
    clinic_type: str | None = None
    clinic: Clinic | None = None
    comments: str | None = None
    linked_referral_uid: str | None = None
    appointment_uid: str | None = None
    status: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def starts(self) -> datetime | None:
        """When it starts."""
        return self._slot.date_time_start if self._slot else self.date_time

    @property
    def minutes(self) -> Decimal | None:
        """How long it is, in minutes."""
        return self._slot.duration if self._slot else self.duration

    @property
    def held_by(self) -> str | None:
        """The user name of who holds it."""
        return self.clinic.user_name if self.clinic else self.user_name

    @property
    def held_at(self) -> str | None:
        """The name of the site."""
        return self.clinic.site_name if self.clinic else self.site

    @property
    def _slot(self) -> Slot | None:
        return self.clinic.slots[0] if self.clinic and self.clinic.slots else None

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this books or updates an appointment."""
        if self.appointment_uid:
            return
        section = "Update Example: Adding a New Appointment"
        clinic = self.clinic or Clinic()
        slot = self._slot or Slot()
        needed = {
            "Clinic/UserName": clinic.user_name,
            "Clinic/SiteName": clinic.site_name,
            "Clinic/ClinicType": clinic.clinic_type,
            "Clinic/Slot/SlotType": slot.slot_type,
            "Clinic/Slot/DateTimeStart": slot.date_time_start,
            "Clinic/Slot/Duration": slot.duration,
        }
        for name, given in needed.items():
            if not given:
                raise InvalidRequest(f"{field}/{name}", section, "is needed to book a free slot")
        if len(clinic.slots) > 1:
            raise InvalidRequest(f"{field}/Clinic/Slot", section, "must be one slot")


class Visit(Value):
    """A visit to a patient; `duration` in minutes. SystmOne gives the `visit_uid`."""

    date_time: datetime | None = None
    duration: Decimal | None = None
    comments: str | None = None
    user_name: str | None = None
    linked_referral_uid: str | None = None
    visit_uid: str | None = None
    status: str | None = None

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this may be added to a record."""
        if not self.date_time:
            raise InvalidRequest(f"{field}/DateTime", "UpdatePatientRecord", "is needed")


class Task(Value):
    """A workflow task. SystmOne gives UID, `date_time` and `status`, and offers no completing.

    The types, users and groups are the unit's own (GetXSDFiles, GetOrganisationMetaData).
    """

    task_uid: str | None = None
    date_time: datetime | None = None
    task_type: str | None = None
    status: str | None = None
    due: datetime | None = None
    content: str | None = None
    user_name_assigned: str | None = None
    group_name_assigned: str | None = None

    def check(self, field: str) -> None:
        """Raise InvalidRequest unless this may be added to a record."""
        if not self.task_type:
            raise InvalidRequest(f"{field}/TaskType", "UpdatePatientRecord", "is needed")
        for name, given in {"TaskUID": self.task_uid, "Status": self.status}.items():
            if given:
                raise InvalidRequest(
                    f"{field}/{name}", "UpdatePatientRecord", "is given by SystmOne; leave it out"
                )

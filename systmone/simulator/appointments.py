"""Appointments as a patient's record shows them: flat, where diary and slots nest them."""

from systmone.simulator.documents import Element, build


def appointment_in(slot: Element, clinician: str, uid: str, entered: str) -> Element:
    """Return a booked appointment that takes this slot; `clinician` is their signed name."""
    return build(
        "Appointment",
        [
            build("DateTime", slot.get("DateTimeStart", "")),
            build("Duration", f"{slot.get('Duration')}.0"),
            build("Clinician", clinician),
            build("UserName", slot.get("UserName", "")),
            build("Site", slot.get("SiteName", "")),
            build("ClinicType", slot.get("ClinicType", "")),
            build("AppointmentUID", uid),
            build("Status", "Booked"),
        ],
        slot=slot.get("uid", ""),
        slotType=slot.get("SlotType", ""),
        entered=entered,
    )

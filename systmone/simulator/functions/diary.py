"""GetAppointmentSlots and GetDiary."""

from collections.abc import Iterator
from itertools import groupby

from systmone.simulator.clock import read_moment, written
from systmone.simulator.documents import Element, build, published, tag_of, text_of, texts_of
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently

LAST_MOMENT = "9999-12-31T23:59:59"
CLINIC = ("UserName", "SiteName", "ClinicType")
SLOT = ("SlotType", "DateTimeStart", "Duration")
BRIEF = ("Title", "FirstName", "MiddleNames", "Surname", "DateOfBirth", "Sex")


def get_appointment_slots(call: Call) -> Reply:
    """Section GetAppointmentSlots: the free slots, by clinic."""
    first, last = _window(call, "")
    slots = [
        slot
        for slot in call.desk.free_slots()
        if first <= slot.get("DateTimeStart", "") <= last
        and all(_allows(call, tag, slot.get(tag, "")) for tag in (*CLINIC, "SlotType"))
    ]
    slots.sort(key=lambda slot: (_clinic_of(slot), slot.get("DateTimeStart", "")))
    return [
        build(
            "Clinic",
            [*_named(CLINIC, clinic), *(build("Slot", _parts(slot, SLOT)) for slot in group)],
        )
        for clinic, group in groupby(slots, _clinic_of)
    ]


def get_diary(call: Call) -> Reply:
    """Section GetDiary: by patient; without a MinDateTime from the beginning of today."""
    first, last = _window(call, written(call.now)[:10])
    results = []
    for number in call.unit.numbers:
        patient = call.desk.view(number)
        entries = [
            _entry(call, item)
            for item in patient.iterfind("NonClinical/*")
            if first <= text_of(item, "DateTime") <= last and _is_wanted(call, item)
        ]
        if entries:
            results.append(build("Result", [*_who(patient), *entries]))
    return results


def _window(call: Call, earliest: str) -> tuple[str, str]:
    try:
        first, last = (
            read_moment(text) if (text := text_of(call.parameters, tag)) else unset
            for tag, unset in (("MinDateTime", earliest), ("MaxDateTime", LAST_MOMENT))
        )
    except ValueError:
        raise RefusedPermanently("MinDateTime or MaxDateTime is not valid") from None
    return first, last


def _allows(call: Call, tag: str, value: str) -> bool:
    allowed = texts_of(call.parameters, tag)
    return not allowed or value in allowed


def _clinic_of(slot: Element) -> tuple[str, ...]:
    return tuple(slot.get(name, "") for name in CLINIC)


def _named(names: tuple[str, ...], values: tuple[str, ...]) -> list[Element]:
    return [build(name, value) for name, value in zip(names, values, strict=True)]


def _parts(slot: Element, names: tuple[str, ...]) -> list[Element]:
    return [build(name, slot.get(name, "")) for name in names]


def _is_wanted(call: Call, item: Element) -> bool:
    asked = {tag for tag in ("Appointments", "Visits") if call.parameters.find(tag) is not None}
    if item.tag == "Task" or (asked and f"{tag_of(item)}s" not in asked):
        return False
    # A visit has no site, so the site does not restrict visits.
    return _allows(call, "UserName", text_of(item, "UserName")) and (
        item.tag == "Visit" or _allows(call, "SiteName", text_of(item, "Site"))
    )


def _who(patient: Element) -> Iterator[Element]:
    yield from (published(part) for part in patient.iterfind("Identity"))
    yield build(
        "Demographics", [build(tag, text_of(patient, f"Demographics/{tag}")) for tag in BRIEF]
    )


def _entry(call: Call, item: Element) -> Element:
    if item.tag == "Visit":
        return published(item)
    slot = build(
        "Slot",
        [
            build("SlotType", item.get("slotType", "")),
            build("DateTimeStart", text_of(item, "DateTime")),
            build("Duration", text_of(item, "Duration").partition(".")[0]),
        ],
    )
    clinic = build(
        "Clinic",
        [
            build("UserName", text_of(item, "UserName")),
            build("SiteName", text_of(item, "Site")),
            build("ClinicType", text_of(item, "ClinicType")),
            slot,
        ],
    )
    kept = [
        published(part)
        for tag in ("Comments", "LinkedReferralUID", "AppointmentUID", "Status", "Flag")
        for part in item.iterfind(tag)
    ]
    return build("Appointment", [clinic, *kept])

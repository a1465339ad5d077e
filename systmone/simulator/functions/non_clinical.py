"""Appointments, visits and tasks that an update adds (sections "Update Example")."""

from systmone.simulator.appointments import appointment_in
from systmone.simulator.clock import read_moment
from systmone.simulator.documents import Element, build, set_text, tag_of, text_of, texts_of
from systmone.simulator.functions.additions import Additions, required
from systmone.simulator.refusals import RefusedPermanently
from systmone.simulator.signature import first_line

STATUSES = (
    "Booked",
    "Arrived",
    "Waiting",
    "In Progress",
    "Finished",
    "Did Not Attend",
    "Patient Walked Out",
    "Cancelled by Patient",
    "Cancelled by Organisation",
)
CLINIC = ("UserName", "SiteName", "ClinicType")


def book_or_update(additions: Additions, requested: Element) -> list[Element]:
    """Book a new appointment, or change the one whose AppointmentUID is given.

    Only a new one is named in the answer.
    """
    uid = text_of(requested, "AppointmentUID")
    if uid:
        _update(additions, requested, _appointment(additions, uid))
        return []
    appointment = _booked(additions, requested)
    _annotate(additions, requested, appointment)
    additions.mark(appointment)
    additions.part("NonClinical").append(appointment)
    return [build("AppointmentUID", text_of(appointment, "AppointmentUID"))]


def add_visit(additions: Additions, requested: Element) -> list[Element]:
    """Add a visit; return its VisitUID."""
    uid = additions.call.unit.new_uid()
    user_name = text_of(additions.user(text_of(requested, "UserName")), "UserName")
    visit = build("Visit", [build("DateTime", _moment(requested, "DateTime"))])
    visit.append(build("Duration", required(requested, "Duration")))
    _annotate(additions, requested, visit)
    visit.extend(
        [
            build("UserName", user_name),
            build("VisitUID", uid),
            build("Status", text_of(requested, "Status") or "Booked"),
        ]
    )
    additions.mark(visit)
    additions.part("NonClinical").append(visit)
    return [build("VisitUID", uid)]


def add_task(additions: Additions, requested: Element) -> list[Element]:
    """Add a task; SystmOne puts a line before its Content. Return its TaskUID."""
    task_type = required(requested, "TaskType")
    if task_type not in additions.call.unit.names("TaskTypes"):
        raise RefusedPermanently(f"Task: the TaskType {task_type} is not known")
    group = text_of(requested, "GroupNameAssigned")
    if group and group not in additions.call.unit.names("UserGroups"):
        raise RefusedPermanently(f"Task: the group {group} does not exist")
    uid = additions.call.unit.new_uid()
    line = first_line(additions.call.now, additions.signed_name(""))
    task = build(
        "Task",
        [
            build("TaskUID", uid),
            build("DateTime", additions.entered),
            build("TaskType", task_type),
            build("Status", "Not Started"),
        ],
    )
    if text_of(requested, "Due"):
        task.append(build("Due", _moment(requested, "Due")))
    task.append(build("Content", f"{line}\n{requested.findtext('Content') or ''}"))
    if text_of(requested, "UserNameAssigned"):
        user = additions.user(text_of(requested, "UserNameAssigned"))
        task.append(build("UserNameAssigned", text_of(user, "UserName")))
    if group:
        task.append(build("GroupNameAssigned", group))
    additions.mark(task)
    additions.part("NonClinical").append(task)
    return [build("TaskUID", uid)]


def _booked(additions: Additions, requested: Element) -> Element:
    wanted = {tag: text_of(requested, f"Clinic/{tag}") for tag in CLINIC}
    wanted["SlotType"] = text_of(requested, "Clinic/Slot/SlotType")
    wanted["DateTimeStart"] = _moment(requested, "Clinic/Slot/DateTimeStart")
    wanted["Duration"] = text_of(requested, "Clinic/Slot/Duration").removesuffix(".0")
    taken = {item.get("slot") for item in additions.patient.iterfind("NonClinical/Appointment")}
    for slot in additions.call.desk.free_slots():
        # The same update may already have taken a slot that the desk cannot see yet.
        if slot.get("uid") not in taken and all(slot.get(k) == v for k, v in wanted.items()):
            clinician = additions.signed_name(wanted["UserName"])
            uid = additions.call.unit.new_uid()
            return appointment_in(slot, clinician, uid, additions.entered)
    raise RefusedPermanently("No free appointment slot matches the appointment")


def _appointment(additions: Additions, uid: str) -> Element:
    for appointment in additions.patient.iterfind("NonClinical/Appointment"):
        if text_of(appointment, "AppointmentUID") == uid:
            return appointment
    raise RefusedPermanently(f"The record has no appointment {uid}")


def _update(additions: Additions, requested: Element, appointment: Element) -> None:
    if requested.find("Clinic") is not None:
        raise RefusedPermanently("An appointment cannot be moved to another slot")
    status = text_of(requested, "Status")
    if status and status not in STATUSES:
        raise RefusedPermanently(f"The appointment status {status} is not known")
    if status:
        set_text(appointment, "Status", status)
    _annotate(additions, requested, appointment)


def _annotate(additions: Additions, requested: Element, item: Element) -> None:
    if requested.find("Comments") is not None:
        set_text(item, "Comments", text_of(requested, "Comments"))
    referral = text_of(requested, "LinkedReferralUID")
    if referral:
        additions.check_referral(referral)
        set_text(item, "LinkedReferralUID", referral)
    for flag in texts_of(requested, "Flag"):
        if flag not in texts_of(item, "Flag"):
            item.append(build("Flag", flag))


def _moment(requested: Element, path: str) -> str:
    try:
        return read_moment(required(requested, path))
    except ValueError:
        raise RefusedPermanently(f"{tag_of(requested)}: {path} is not valid") from None

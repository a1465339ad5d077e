"""Invented appointments, visits and tasks that are still to come."""

from datetime import timedelta

from systmone.simulator.appointments import appointment_in
from systmone.simulator.clock import written
from systmone.simulator.documents import Element, build
from systmone.simulator.fiction.history import Story
from systmone.simulator.fiction.organisation import TASK_TYPES, clinician_name
from systmone.simulator.signature import first_line

TASKS = (
    "Telephone the family about leave at the weekend",
    "Ask pharmacy about the depot date",
    "Write the tribunal report",
    "Arrange the discharge planning meeting",
)


def non_clinical(story: Story, slot: Element | None) -> Element:
    """Return NonClinical: an appointment in `slot`, a task, and for some patients a visit."""
    parts = [] if slot is None else [_appointment(story, slot)]
    if story.place % 5 == 1:
        parts.append(_visit(story))
    parts.append(_task(story))
    return build("NonClinical", parts)


def _appointment(story: Story, slot: Element) -> Element:
    entered = written(story.now - timedelta(days=2))
    clinician = clinician_name(slot.get("UserName", ""))
    return appointment_in(slot, clinician, story.new_uid(), entered)


def _visit(story: Story) -> Element:
    day = story.now.replace(hour=11, minute=0, second=0) + timedelta(days=1 + story.place % 4)
    return build(
        "Visit",
        [
            build("DateTime", written(day)),
            build("Duration", "20"),
            build("Comments", "Home leave visit with the community team"),
            build("UserName", story.author.user_name),
            build("VisitUID", story.new_uid()),
            build("Status", "Booked"),
        ],
        entered=written(story.now - timedelta(days=1)),
    )


def _task(story: Story) -> Element:
    entered = story.now - timedelta(hours=story.chance.randint(1, 30))
    words = TASKS[story.place % len(TASKS)]
    return build(
        "Task",
        [
            build("TaskUID", story.new_uid()),
            build("DateTime", written(entered)),
            build("TaskType", TASK_TYPES[story.place % len(TASK_TYPES)]),
            build("Status", "Not Started"),
            build("Due", written(story.now + timedelta(days=2))),
            build("Content", f"{first_line(entered, story.author.name)}\n{words}"),
            build("GroupNameAssigned", f"{story.author.ward} Nurses"),
        ],
        entered=written(entered),
    )

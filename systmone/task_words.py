"""What a task says here and in SystmOne, compared part by part.

The Hub follows what changed there, and cannot change it there: the interface offers no way.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from systmone.bookings import Said
from systmone.models import SharedTask
from systmone.protocol.record.bookings import Task as SystmOneTask
from tasks.models import Task
from tasks.shifts import local_date
from tasks.words import short_date

PARTS = {"title": "title", "due_on": "day", "instructions": "text"}

TEXT_CHANGED_THERE = "Its text was changed in SystmOne: read it there"
REPLACED = "Changed here and in SystmOne, whose change was taken. Here it was: {}"


def title_of(one: SystmOneTask) -> str:
    """Return what the task is, in a line: SystmOne's own first one says who entered it."""
    lines = [line.strip() for line in (one.content or "").splitlines()]
    said = [line for line in lines[1:] if line] or [line for line in lines if line]
    title = said[0] if said else one.task_type or "Task of SystmOne"
    return title if len(title) <= 120 else f"{title[:119]}…"


def words_of(one: SystmOneTask) -> str:
    """Return all that SystmOne says of the task."""
    for_whom = one.group_name_assigned or one.user_name_assigned
    kind = f"SystmOne: {one.task_type or 'task'}" + (f", for {for_whom}" if for_whom else "")
    return f"{kind}\n{one.content or ''}".strip()[:2000]


def said_here(task: Task) -> Said:
    """Return how the Hub's task stands, as it is kept and compared."""
    return {
        "title": task.title,
        "due_on": task.due_on.isoformat(),
        "instructions": task.instructions,
    }


def said_there(one: SystmOneTask, taken_in: date) -> Said:
    """Return the same of a task that was entered in SystmOne; none is due before it was taken in.

    The day is empty where SystmOne says none.
    """
    due_on = max(local_date(one.due), taken_in).isoformat() if one.due else ""
    return {"title": title_of(one), "due_on": due_on, "instructions": words_of(one)}


def said_of_ours(one: SystmOneTask, sent: Said) -> Said:
    """Return the same of a task that the Hub has sent: its day alone can be told from its text."""
    return {**sent, "due_on": local_date(one.due).isoformat() if one.due else sent["due_on"]}


def text_was_changed(one: SystmOneTask, sent: Said) -> bool:
    """Say whether SystmOne's task lacks a line that the Hub has sent."""
    lines = f"{sent['title']}\n{sent['instructions']}".splitlines()
    return any(_plain(line) not in _plain(one.content or "") for line in lines)


def as_fields(said: Said) -> dict[str, Any]:
    """Return what is said as the values of a task's fields."""
    return {
        part: date.fromisoformat(value) if part == "due_on" else value
        for part, value in said.items()
    }


def replaced_in_words(replaced: Said) -> str:
    """Say which of the Hub's own changes gave way to SystmOne's; empty: none."""
    told = ", ".join(f"{PARTS[part]} “{_shown(part, text)}”" for part, text in replaced.items())
    return REPLACED.format(told)[:200] if told else ""


def differing(shared: SharedTask, task: Task) -> str:
    """Say what of the Hub's task is not as SystmOne has it; empty: nothing, or not known."""
    said: Mapping[str, str] = shared.said
    here = said_here(task)
    parts = [name for part, name in PARTS.items() if said.get(part, "") not in ("", here[part])]
    return f"Changed here, SystmOne still has another {' and '.join(parts)}" if parts else ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(part: str, text: str) -> str:
    return short_date(date.fromisoformat(text)) if part == "due_on" else text

"""What becomes of a patient's open work at a transfer to another ward, chosen task by task."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django import forms

from tasks.models import Task
from tasks.words import short_date
from wards.access import has_role_on, wards_visible_to
from wards.models import Stay, User, Ward
from wards.transfer_choices import Choices


class Fate(Enum):
    """What may become of a task."""

    MOVES = "moves"
    UNASSIGNED = "unassigned"
    TAKEN = "taken"
    STAYS = "stays"


@dataclass(frozen=True)
class Chooser:
    """Who chooses, on the page of which ward; `may_take`: they may see another ward as well."""

    user: User
    ward: Ward
    may_take: bool


def field_name(task: Task) -> str:
    """Return the name of the field for the fate of `task`."""
    return f"task_{task.pk}"


def may_stay(task: Task) -> bool:
    """Say whether the old ward may keep `task`; what the legal status asks for goes along."""
    return task.stay_id is None


def fields_for(stay: Stay, user: User) -> Mapping[str, forms.Field]:
    """Return for each open task of the patient the choice of its fate, as `user` has it."""
    may_take = wards_visible_to(user).exclude(pk=stay.ward_id).exists()
    chooser = Chooser(user, stay.ward, may_take)
    tasks = Task.objects.open().filter(patient=stay.patient_id, ward=stay.ward_id)
    in_order = tasks.select_related("claimed_by").order_by("due_on", "-priority", "title", "pk")
    return {field_name(task): _field(task, chooser) for task in in_order}


def problems_of(chosen: Mapping[str, Any], to: Ward, user: User) -> Mapping[str, str]:
    """Say of each task that `user` wants to take that they may not see the ward `to`."""
    taken = [name for name, fate in chosen.items() if fate is Fate.TAKEN]
    if not taken or has_role_on(user, to):
        return {}
    return dict.fromkeys(taken, f"You have no access to {to}, so you cannot take this task.")


CHOICES = Choices(
    title="What becomes of the open work?",
    hint="Who has a task and may not see the new ward loses it. What stays is done on this ward.",
    fields=fields_for,
    problems=problems_of,
)


def _field(task: Task, chooser: Chooser) -> forms.Field:
    return forms.TypedChoiceField(
        required=False,
        label=_label(task, chooser.user),
        choices=list(_choices(task, chooser)),
        coerce=lambda value: Fate(value.partition("-")[0]),
        empty_value=None,
        error_messages={"invalid_choice": "Somebody has changed this task meanwhile: look again."},
    )


def _label(task: Task, user: User) -> str:
    kind = task.get_category_display() or task.get_kind_display()
    who = "unclaimed"
    if task.claimed_by:
        who = "you have it" if task.claimed_by == user else f"{task.claimed_by.name} has it"
    return f"{task.title} ({kind.lower()}, due {short_date(task.due_on)}, {who})"


def _choices(task: Task, chooser: Chooser) -> Iterator[tuple[str, str]]:
    holder = task.claimed_by
    is_mine = holder == chooser.user
    keeps = ("I keep it" if is_mine else f"{holder.name} keeps it") if holder else ""
    yield Fate.MOVES.value, ", ".join(filter(None, ["Moves with the patient", keeps]))
    # With whose it is: who has claimed it since the page was shown is not overruled unseen.
    if holder:
        yield f"{Fate.UNASSIGNED.value}-{holder.pk}", "Moves with the patient, nobody has it"
    if chooser.may_take and not is_mine:
        from_whom = f" from {holder.name}" if holder else ""
        value = f"{Fate.TAKEN.value}-{holder.pk if holder else ''}"
        yield value, f"Moves with the patient, I take it{from_whom}"
    if may_stay(task):
        yield Fate.STAYS.value, f"Stays on {chooser.ward}"

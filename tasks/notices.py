"""The sentence that a person reads after a click."""

from dataclasses import dataclass
from datetime import datetime

from tasks.actions import TaskChanged
from tasks.cards import BUTTON_TEXTS, Button
from tasks.models import Status, Task
from tasks.policies import can_decide
from tasks.proposals import ProposalSettled
from tasks.queries import proposals_on
from tasks.transitions import Action
from tasks.words import clock
from wards.actors import Source
from wards.models import User, Ward

DONE = {
    Action.CREATE: "{title} is in the diary.",
    Action.EDIT: "{title} is changed.",
    Action.CLAIM: "You have claimed {title}.",
    Action.RELEASE: "You have released {title}.",
    Action.TAKE_OVER: "You have taken over {title}.",
    Action.START: "You have started {title}.",
    Action.STOP: "{title} is to do again. You still have it.",
    Action.COMPLETE: "{title} is done.",
    Action.REOPEN: "{title} is to do again.",
    Action.CANCEL: "{title} is cancelled.",
}

UNDO = {
    Action.CLAIM: Action.RELEASE,
    Action.START: Action.RELEASE,
    Action.STOP: Action.START,
    Action.RELEASE: Action.CLAIM,
    Action.COMPLETE: Action.REOPEN,
}


@dataclass(frozen=True)
class Notice:
    """A sentence about a task, and the button that takes the click back, where there is one."""

    text: str
    is_problem: bool
    public_id: str
    version: int
    undo: Button | None = None


def undo_of(action: Action, before: Task) -> Action | None:
    """Return what takes back `action` on a task that stood as `before`; `None`: nothing does."""
    if action is Action.START and before.claimed_by_id is not None:
        return Action.STOP
    if action is Action.RELEASE and before.status == Status.IN_PROGRESS:
        return Action.START
    return UNDO.get(action)


def notice_of(action: Action, task: Task, undo: Action | None = None) -> Notice:
    """Return what to say after `action` was done to `task`, and `undo` as its way back."""
    is_begun = action is Action.REOPEN and task.status == Status.IN_PROGRESS
    text = "{title} is in progress again." if is_begun else DONE[action]
    return Notice(
        text=text.format(title=task.title),
        is_problem=False,
        public_id=task.public_id,
        version=task.version,
        undo=Button(undo.value, BUTTON_TEXTS[Action.REOPEN]) if undo else None,
    )


def notice_of_change(conflict: TaskChanged, user: User) -> Notice:
    """Return why nothing was done: who changed the task meanwhile, and when."""
    task = conflict.current
    return Notice(
        text=f"Nothing was changed: {what_happened(conflict, user)} "
        "The card now shows how it stands.",
        is_problem=True,
        public_id=task.public_id,
        version=task.version,
    )


def what_happened(conflict: TaskChanged, user: User) -> str:
    """Return the sentence that says who changed the task, and when."""
    task, latest = conflict.current, conflict.latest
    if latest is None:
        return f"{task.title} does not allow this."
    who = "you" if latest.by_id == user.pk else latest.by_name
    through = "" if latest.source == Source.WEB else f" through {latest.get_source_display()}"
    return (
        f"{task.title} was {latest.get_action_display()} by {who}{through} at {clock(latest.at)}."
    )


def proposals_notice(user: User, ward: Ward, *, now: datetime) -> str:
    """Return what the diary of `ward` says of proposed work; empty: there is none to look at."""
    recent = list(proposals_on(ward, now=now))
    if recent and can_decide(user, ward):
        waiting = sum(template.is_waiting for template in recent)
        return f"{_proposals(waiting)} for your approval" if waiting else ""
    own = [template for template in recent if template.proposed_by_id == user.pk]
    if waiting := sum(template.is_waiting for template in own):
        return f"{_proposals(waiting)} for the approval of a ward admin"
    return "What became of your proposals" if own else ""


def _proposals(number: int) -> str:
    return "1 proposed task waits" if number == 1 else f"{number} proposed tasks wait"


def what_became_of(conflict: ProposalSettled, user: User | None) -> str:
    """Return what became of a proposal meanwhile: `was approved by Amina Yusuf at 16:33`."""
    template = conflict.current
    if template is None:
        return "was withdrawn meanwhile"
    what, who, when = "changed", template.proposed_by, template.proposed_at
    if template.approved_at:
        what, who, when = "approved", template.approved_by, template.approved_at
    elif template.declined_at:
        what, who, when = "declined", template.declined_by, template.declined_at
    name = "you" if who == user else who and who.name
    return f"was {what} by {name} at {when and clock(when)}"

"""Forms for what is done in the admin to several tasks, or to several proposals, at once."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from tasks import actions, proposals
from tasks.actions import TaskChanged
from tasks.forms import ReasonField
from tasks.models import Status, Task, TaskTemplate
from tasks.notices import what_became_of
from tasks.proposals import ProposalOver, ProposalSettled
from tasks.transitions import CLOSED, OPEN
from tasks.words import long_date, weekdays
from wards.actors import Actor
from wards.form_fields import VersionField

WIDE = {"class": "vTextField"}


class NotAsShown(Exception):
    """A row has changed since the page showed it; `now` says how it stands."""

    def __init__(self, now: str) -> None:
        self.now = now
        super().__init__(now)


class RowsForm(forms.Form):
    """What shall happen to several rows, each as the page showed it.

    Attributes:
        verb, done: it in words; the action is called `<verb>_<row>s`.
        row: what one of them is.
        introduction: what becomes of them.
        nothing_fits: what to say when no row allows it.
    """

    verb: ClassVar[str]
    done: ClassVar[str]
    row: ClassVar[str]
    introduction: ClassVar[str]
    nothing_fits: ClassVar[str]

    def __init__(self, data: Any = None, *, chosen: Sequence[Any]) -> None:
        super().__init__(data)
        for row in chosen:
            self.fields[f"seen_{row.pk}"] = self.seen_field(row)

    @classmethod
    def fits(cls, row: Any) -> bool:
        """Say whether `row` allows it."""
        raise NotImplementedError

    def line(self, row: Any) -> str:
        """Return what the page says of `row`."""
        raise NotImplementedError

    def seen_field(self, row: Any) -> forms.Field:
        """Return the hidden field that tells in which state the page showed `row`."""
        raise NotImplementedError

    def perform(self, row: Any, seen: Any, by: Actor) -> Any:
        """Do it to `row` as it was `seen`, and return it. Raises NotAsShown."""
        raise NotImplementedError


class TasksForm(RowsForm):
    """Each task at the version that the page showed."""

    row = "task"
    sources: ClassVar[frozenset[Status]]

    @classmethod
    def fits(cls, row: Task) -> bool:
        return row.status in cls.sources

    def line(self, row: Task) -> str:
        when = f"{long_date(row.due_on)}, {row.get_shift_display().lower()} shift"
        who = ""
        if row.is_open and row.claimed_by:
            who = f" ({row.claimed_by} has it)"
        elif row.completed_at:
            who = f" (done by {row.completed_by_name})"
        return f"{row.title}, {row.ward}, {when}{who}"

    def seen_field(self, row: Task) -> forms.Field:
        return VersionField(initial=row.version)

    def perform(self, row: Task, seen: int, by: Actor) -> Task:
        row.version = seen
        try:
            return self.act(row, by)
        except TaskChanged as conflict:
            now = conflict.current.get_status_display().lower()
            raise NotAsShown(f"somebody has changed it, or it is {now}") from None

    def act(self, task: Task, by: Actor) -> Task:
        raise NotImplementedError


class CancelTasksForm(TasksForm):
    """One reason for all of them."""

    sources = OPEN
    verb, done = "Cancel", "cancelled"
    introduction = "These will not be done:"
    nothing_fits = "None of these is still to do."

    reason = ReasonField(
        label="Why is this not needed?",
        help_text="Colleagues see this in the diary and in the history.",
        missing="Say why this is cancelled.",
        widget=forms.TextInput(attrs=WIDE),
    )

    def act(self, task: Task, by: Actor) -> Task:
        return actions.cancel(task=task, by=by, reason=self.cleaned_data["reason"])


class ReopenTasksForm(TasksForm):
    sources = CLOSED
    verb, done = "Reopen", "reopened"
    introduction = "These will be to do again:"
    nothing_fits = "None of these is done or cancelled."

    def act(self, task: Task, by: Actor) -> Task:
        return actions.reopen(task=task, by=by)


class ProposalsForm(RowsForm):
    """Each proposal as it was when the page showed it."""

    row = "proposal"
    nothing_fits = "None of these waits for approval."

    @classmethod
    def fits(cls, row: TaskTemplate) -> bool:
        return row.is_waiting

    def line(self, row: TaskTemplate) -> str:
        shift = f"{row.get_shift_display().lower()} shift"
        until = f" until {long_date(row.active_until)}" if row.active_until else ""
        when = f"{weekdays(row.weekdays)}, {shift}, from {long_date(row.active_from)}{until}"
        more = f": {row.instructions}" if row.instructions else ""
        return f"{row.title}, {row.ward}, {when} (proposed by {row.proposed_by}){more}"

    def seen_field(self, row: TaskTemplate) -> forms.Field:
        made = row.proposed_at.isoformat() if row.proposed_at else ""
        return forms.DateTimeField(widget=forms.HiddenInput, initial=made)

    def perform(self, row: TaskTemplate, seen: Any, by: Actor) -> TaskTemplate:
        row.proposed_at = seen
        try:
            return self.decide(row, by)
        except ProposalSettled as conflict:
            raise NotAsShown(f"it {what_became_of(conflict, by.user)}") from None
        except ProposalOver:
            raise NotAsShown("its last day is over") from None

    def decide(self, template: TaskTemplate, by: Actor) -> TaskTemplate:
        raise NotImplementedError


class ApproveProposalsForm(ProposalsForm):
    verb, done = "Approve", "approved"
    introduction = "These will be in the diary from the next shift on:"

    def decide(self, template: TaskTemplate, by: Actor) -> TaskTemplate:
        return proposals.approve(template=template, by=by)


class DeclineProposalsForm(ProposalsForm):
    """One reason for all of them."""

    verb, done = "Decline", "declined"
    introduction = "These will not be in the diary:"

    reason = ReasonField(
        label="Why is this not needed?",
        help_text="Whoever proposed it sees this.",
        missing="Say why you decline it.",
        widget=forms.TextInput(attrs=WIDE),
    )

    def decide(self, template: TaskTemplate, by: Actor) -> TaskTemplate:
        return proposals.decline(template=template, by=by, reason=self.cleaned_data["reason"])

"""Lines about calls, in lists that name no patient."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from systmone.models import Call, State
from systmone.panels import addresses_of_log
from systmone.words import cancel_text


@dataclass(frozen=True)
class Item:
    """A line about a call. It names no patient: the page that it leads to does, and records it."""

    call: Call

    @property
    def what(self) -> str:
        """What was to be done in SystmOne."""
        written = self.call.withdraws or self.call
        name = "Task"
        if written.note_id:
            name = "Case note"
        elif written.stay_id:
            name = "Discharge audit log"
        return f"Deletion of a {name.lower()}" if self.call.withdraws_id else name

    @property
    def reference(self) -> str:
        """What to look for in the record, also where it is to be deleted."""
        return (self.call.withdraws or self.call).reference

    @property
    def asked_at(self) -> datetime:
        return self.call.created_at

    @property
    def last_attempt(self) -> int | None:
        """The attempt that a person knows of who decides, where the list has read it."""
        return getattr(self.call, "last_attempt", None)

    @property
    def is_to_decide(self) -> bool:
        return self.call.state == State.UNKNOWN

    @property
    def cancel_text(self) -> str:
        return cancel_text(self.call)

    @property
    def told(self) -> str:
        """How it stands, without SystmOne's own words, which may name somebody."""
        start = {State.UNKNOWN: "Check SystmOne: ", State.FAILED: "Failed. "}
        return start.get(State(self.call.state), "") + self.call.problem

    @property
    def address(self) -> str:
        """Where a person decides; empty: there is no page about it."""
        written = self.call.withdraws or self.call
        if written.note_id:
            return reverse("case_note", args=[written.note_id])
        if written.stay:
            return addresses_of_log(written.stay).page
        return written.task.get_absolute_url() if written.task else ""


def items_of(calls: QuerySet[Call]) -> list[Item]:
    """Return a line for each of `calls`; nothing encrypted is read for it."""
    related = calls.select_related("ward", "task", "stay", "withdraws__stay", "withdraws__task")
    shown = related.defer("parameters", "words", "withdraws__parameters", "withdraws__words")
    return [Item(call) for call in shown]

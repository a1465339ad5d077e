"""What a person may do to a stay from the patient's page: one table of changes."""

from collections.abc import Callable
from dataclasses import dataclass

from wards import admissions, leave, moves, reopening
from wards.access import has_role_on
from wards.actors import Actor
from wards.forms import (
    BedForm,
    ChangeForm,
    EditForm,
    ReasonForm,
    ReopenForm,
    SwapForm,
    TransferForm,
)
from wards.models import Role, Stay, StayEvent, User
from wards.stays import is_allowed


@dataclass(frozen=True)
class Change:
    """A change of a stay: its page, its form, and the action of the domain that it calls.

    Args:
        name: the last part of its address.
        action: what the stay must allow.
        button: on the patient's page.
        title: of its own page, which also names its button.
        form: its fields are what `do` takes, besides the stay and who acts.
        done: the sentence afterwards; it names nobody, for browsers keep it for a moment.
        introduction: what to know before pressing the button.
        done_without_bed: the sentence where the patient has no bed afterwards.
        role: the least that may do it.
    """

    name: str
    action: StayEvent.Action
    button: str
    title: str
    form: type[ChangeForm]
    do: Callable[..., Stay]
    done: str
    introduction: str = ""
    done_without_bed: str = ""
    role: Role = Role.NORMAL_USER

    def is_for(self, user: User, stay: Stay) -> bool:
        """Say whether `user`, who sees `stay`, may do this."""
        return self.role == Role.NORMAL_USER or has_role_on(user, stay.ward, role=self.role)

    def told(self, changed: Stay) -> str:
        """Return the sentence after the change."""
        return self.done if changed.bed_id else self.done_without_bed or self.done

    @property
    def url_name(self) -> str:
        """The name of its address in the URL configuration."""
        return f"patient_{self.name}"


def _swap(*, stay: Stay, other: Stay, by: Actor) -> Stay:
    return moves.swap(one=stay, other=other, by=by)[0]


CHANGES = (
    Change(
        "leave",
        StayEvent.Action.LEAVE,
        button="Go on leave",
        title="Go on leave",
        form=ReasonForm,
        do=leave.go_on_leave,
        done="The patient is on leave. The bed stays theirs.",
        introduction="The bed stays theirs.",
    ),
    Change(
        "return",
        StayEvent.Action.RETURN,
        button="Has returned",
        title="The patient has returned",
        form=ChangeForm,
        do=leave.come_back,
        done="The patient is back on the ward.",
    ),
    Change(
        "absence",
        StayEvent.Action.ABSENT,
        button="Absent without leave",
        title="Absent without leave",
        form=ReasonForm,
        do=leave.be_absent,
        done="The patient is noted as absent without leave.",
        introduction="If it was a mistake, it can be taken back. A pending discharge is sent back.",
    ),
    Change(
        "no-absence",
        StayEvent.Action.NOT_ABSENT,
        button="Was not absent",
        title="The patient was not absent",
        form=ChangeForm,
        do=leave.not_be_absent,
        done="The absence is taken back.",
        introduction="The status is again as it was before. The timeline keeps both entries.",
    ),
    Change(
        "move",
        StayEvent.Action.MOVE,
        button="Move to another bed",
        title="Move to another bed",
        form=BedForm,
        do=moves.move,
        done="The patient has moved.",
    ),
    Change(
        "swap",
        StayEvent.Action.MOVE,
        button="Swap beds",
        title="Swap beds with another patient",
        form=SwapForm,
        do=_swap,
        done="The two patients have swapped beds.",
    ),
    Change(
        "transfer",
        StayEvent.Action.TRANSFER,
        button="Transfer",
        title="Transfer to another ward",
        form=TransferForm,
        do=moves.transfer,
        done="The patient is transferred: the other ward now sees them.",
        introduction="The named nurse stays here; the other ward chooses its own.",
    ),
    Change(
        "edit",
        StayEvent.Action.EDIT,
        button="Edit details",
        title="Edit details",
        form=EditForm,
        do=admissions.edit,
        done="The details are saved.",
    ),
    Change(
        "reopen",
        StayEvent.Action.REOPEN,
        button="Reopen the stay",
        title="Reopen the stay",
        form=ReopenForm,
        do=reopening.reopen,
        done="The stay is reopened, in the same bed.",
        done_without_bed="The stay is reopened with no bed assigned: the one before is not free.",
        introduction="For a discharge that was a mistake. The patient gets their bed back if it is "
        "still free. Work that was called off stays called off.",
        role=Role.SENIOR_ADMIN,
    ),
)


def changes_of(stay: Stay, user: User) -> list[Change]:
    """Return what the status of `stay` allows `user`, in the order of the buttons."""
    return [
        change
        for change in CHANGES
        if is_allowed(change.action, stay) and change.is_for(user, stay)
    ]

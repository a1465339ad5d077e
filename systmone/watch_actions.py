"""What a person does to a call from the page of its gateway, within the wards that they run."""

from uuid import UUID

from django import forms

from systmone.calls import CallChanged, cancel, decide
from systmone.models import Call, Decision, Gateway, State
from systmone.queries import calls_run_by, needing_somebody, wards_run_by
from wards.actors import Actor
from wards.models import User

CANCEL = "cancel"


class ActForm(forms.Form):
    """A button of a line about a call; whoever decides says of which attempt they know."""

    call = forms.UUIDField()
    attempt = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    what = forms.ChoiceField(choices=[*Decision.choices, (CANCEL, "Do not send")])


def act(
    *, gateway: Gateway, call: UUID, attempt: int | None, what: str, user: User, by: Actor
) -> None:
    """Decide about, or take back, the call of `gateway` that `user` chose.

    Raises CallChanged where it no longer stands as the page showed it.
    """
    found = _find(gateway, call, user)
    if what == CANCEL:
        cancel(call=found, by=by)
    else:
        decide(call=found, decision=Decision(what), attempt_id=attempt or 0, by=by)


def _find(gateway: Gateway, pk: UUID, user: User) -> Call:
    """Return the call as the lists of the page have it. Raises CallChanged where they have not."""
    needing = needing_somebody(wards_run_by(user)).filter(gateway=gateway, pk=pk)
    waiting = calls_run_by(user).filter(gateway=gateway, pk=pk, state=State.QUEUED)
    found = needing.first() or waiting.first()
    if found is None:
        raise CallChanged
    return found

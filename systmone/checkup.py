"""Asking a gateway what it is and what it can do, while a person waits for the answer."""

import time
from dataclasses import dataclass
from datetime import timedelta

from systmone import dispatcher
from systmone.calls import ask
from systmone.models import Call, Gateway, Priority
from systmone.protocol.dialect import same_function
from systmone.protocol.functions import FUNCTIONS, GetFunctions, GetOrganisationMetaData
from systmone.protocol.functions.get_functions import Functions
from systmone.protocol.functions.get_organisation_meta_data import OrganisationMetaData
from systmone.requests import answer_to
from wards.actors import Actor

LOOKS_EVERY = 0.2  # seconds

# What the Hub calls, and what does not work without it.
NEEDED = {
    "UpdatePatientRecord": "case notes cannot be sent",
    "GetPatientRecord": "nobody can find out whether a note arrived",
    "DeleteFromPatientRecord": "a sent note cannot be taken back",
    "PatientSearch": "patients cannot be looked up",
    "GetDiary": "appointments cannot be imported",
    "GetOrganisationMetaData": "staff cannot be matched",
}


class NoAnswer(Exception):
    """The gateway did not answer; the text says why and what to do."""


@dataclass(frozen=True)
class Checkup:
    """What a gateway said of itself."""

    functions: dict[str, tuple[str, ...]]
    user: str
    site: str

    @property
    def missing(self) -> dict[str, str]:
        """What the Hub needs and does not find, and what that means."""
        return {
            name: meaning
            for name, meaning in NEEDED.items()
            if not any(same_function(name, known) for known in self.functions)
        }

    @property
    def unknown_to_the_hub(self) -> list[str]:
        """Functions that this SystmOne has and the Hub does not know."""
        return sorted(
            name
            for name in self.functions
            if not any(same_function(name, known) for known in FUNCTIONS)
        )


def check(*, gateway: Gateway, by: Actor, seconds: float) -> Checkup:
    """Ask `gateway` for its functions, its user and its site. Raises NoAnswer."""
    within = timedelta(seconds=seconds)
    asked = [
        ask(
            gateway=gateway,
            request=request,
            by=by,
            priority=Priority.PERSON_WAITS,
            within=within,
        )
        for request in (GetFunctions(), GetOrganisationMetaData())
    ]
    _wait(gateway, asked, until=time.monotonic() + seconds)
    functions, unit = (_answer(gateway, call) for call in asked)
    if not isinstance(functions, Functions) or not isinstance(unit, OrganisationMetaData):
        raise NoAnswer("It answered something else than it was asked.")
    return Checkup(
        functions={each.function or "": each.versions for each in functions.supported},
        user=_logged_on(unit),
        site=next((site.name or "" for site in unit.sites if site.current_site), ""),
    )


def _wait(gateway: Gateway, calls: list[Call], until: float) -> None:
    """Speak, or wait while another process does, until all `calls` are settled."""
    while time.monotonic() < until and not all(call.is_settled for call in calls):
        dispatcher.speak(gateway_id=gateway.pk, seconds=until - time.monotonic(), lingers=0)
        time.sleep(LOOKS_EVERY)
        for call in calls:
            call.refresh_from_db()


def _answer(gateway: Gateway, call: Call) -> object:
    if (answer := answer_to(call)) is not None:
        return answer
    gateway.refresh_from_db()
    if gateway.stopped_because:
        raise NoAnswer(gateway.stopped_because)
    if not gateway.is_on:
        raise NoAnswer(f"{gateway} is switched off.")
    raise NoAnswer(call.words or call.problem or "It did not answer in time.")


def _logged_on(unit: OrganisationMetaData) -> str:
    for user in unit.users:
        if user.current_user:
            return " ".join(filter(None, [user.title, user.first_name, user.surname]))
    return ""

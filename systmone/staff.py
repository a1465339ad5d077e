"""The users of SystmOne: read from each gateway, and matched with the people of the Hub."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from audit.events import record
from systmone.calls import ask
from systmone.models import Call, Gateway, Priority, StaffMember
from systmone.protocol.functions import GetOrganisationMetaData, UpdatePatientRecord
from systmone.protocol.functions import get_organisation_meta_data as meta_data
from systmone.protocol.values import Value
from systmone.requests import request_of
from wards.actors import Actor, Source
from wards.models import User

SCHEDULE = Actor("The schedule", Source.JOB)

TIME_FOR_A_REFRESH = timedelta(hours=4)
Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

# What is kept of a user, and the most letters of it.
KEPT = {"title": 40, "first_name": 100, "surname": 100, "role": 150}


def refresh(*, gateway: Gateway, by: Actor) -> Call:
    """Ask `gateway` for its users, when it has nothing better to do; return the call.

    Where it is asked already, nothing more is asked.
    """
    asked = Call.objects.waiting().filter(
        gateway=gateway, function=GetOrganisationMetaData.function, priority=Priority.BACKGROUND
    )
    return asked.first() or ask(
        gateway=gateway,
        request=GetOrganisationMetaData(),
        by=by,
        priority=Priority.BACKGROUND,
        within=TIME_FOR_A_REFRESH,
    )


def refresh_all(*, by: Actor = SCHEDULE) -> None:
    """Ask every gateway that speaks."""
    for gateway in Gateway.objects.filter(is_on=True, stopped_at=None):
        refresh(gateway=gateway, by=by)


def ask_after_refusal(*, call: Call, by: Actor) -> None:
    """Ask who works there, where a write that names a user was refused: perhaps they have left.

    Whoever does it again is then no longer named, and the preview says so.
    """
    request = request_of(call)
    if isinstance(request, UpdatePatientRecord) and _names_a_user(request):
        refresh(gateway=call.gateway, by=by)


def keep(call: Call, response: Value, at: datetime) -> None:
    """Keep who works there, and the sites, as SystmOne has answered; hears every such answer."""
    if not isinstance(response, meta_data.OrganisationMetaData) or _asked_for_one(call):
        return
    sites = sorted({site.name for site in response.sites if site.name})
    Gateway.objects.filter(pk=call.gateway_id).update(sites=sites)
    named = {user.user_name: user for user in response.users if user.user_name}
    if not named:
        return
    for user_name, user in named.items():
        facts = {name: (getattr(user, name) or "")[:longest] for name, longest in KEPT.items()}
        StaffMember.objects.update_or_create(
            gateway=call.gateway,
            user_name=user_name[:100],
            defaults={**facts, "left_at": None},
        )
    there = StaffMember.objects.filter(gateway=call.gateway_id, left_at=None)
    there.exclude(user_name__in=named).update(left_at=at)


def suggestions(members: Iterable[StaffMember]) -> dict[int, User]:
    """Return who in the Hub has the very name of a member who is nobody yet, by the member's id.

    Where two have the same name, on either side, nobody is suggested.
    """
    people = _only_ones((_plain(user.name), user) for user in User.objects.filter(is_active=True))
    waiting = [member for member in members if not member.person_id and not member.left_at]
    taken = set(StaffMember.objects.exclude(person=None).values_list("gateway", "person"))
    of_name = _only_ones(
        ((member.gateway_id, _plain(member.plain_name)), member) for member in waiting
    )
    return {
        member.pk: people[name]
        for (gateway, name), member in of_name.items()
        if name in people and (gateway, people[name].pk) not in taken
    }


@transaction.atomic
def match(
    *, member: StaffMember, person: User | None, by: Actor, at: datetime | None = None
) -> None:
    """Note that `member` is `person`, or nobody, in the Hub.

    Raises IntegrityError where that person is another user of the same SystmOne already.
    """
    if by.user is None:
        raise ValueError("only a person can say who somebody is")
    at = at or timezone.now()
    confirmed = {"confirmed_by": by.user, "confirmed_at": at}
    nobody = {"confirmed_by": None, "confirmed_at": None}
    facts = confirmed if person else nobody
    StaffMember.objects.filter(pk=member.pk).update(person=person, **facts)
    record(
        by=by,
        action="staffmember.match",
        object_type="staffmember",
        object_id=str(member.pk),
        detail={"user_name": member.user_name, "person": person.pk if person else None},
        at=at,
    )
    member.refresh_from_db()


def user_name_of(person: User | None, gateway: Gateway | None) -> str:
    """Return the user name of `person` in the gateway's SystmOne; empty where it is not known."""
    members = StaffMember.objects.filter(gateway=gateway, person=person, left_at=None)
    member = members.first() if person and gateway else None
    return member.user_name if member else ""


def names_in(gateway: Gateway) -> dict[str, str]:
    """Return the names of the users of the gateway's SystmOne, by their user names."""
    return {member.user_name: member.name for member in StaffMember.objects.filter(gateway=gateway)}


def _names_a_user(request: UpdatePatientRecord) -> bool:
    in_events = any(event.user_name for event in request.events)
    return in_events or any(task.user_name_assigned for task in request.tasks)


def _asked_for_one(call: Call) -> bool:
    request = request_of(call)
    return isinstance(request, GetOrganisationMetaData) and request.logged_on_user_only


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _only_ones(pairs: Iterable[tuple[Key, Found]]) -> dict[Key, Found]:
    """Return what has a key that nothing else has."""
    found: dict[Key, list[Found]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: ones[0] for key, ones in found.items() if len(ones) == 1}

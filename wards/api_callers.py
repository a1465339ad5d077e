"""Who calls the API: a person in a session, or a machine in a person's name."""

from dataclasses import dataclass

from django.db.models import QuerySet

from wards.access import wards_visible_to
from wards.actors import Actor, Source, person
from wards.models import User, Ward


@dataclass(frozen=True)
class Caller:
    """What the API's routes know of who calls.

    uid: tells callers apart; what one has sent, the same one may repeat.
    by: in whose name the caller acts; always a person.
    wards: the wards that the caller reaches, never more than the person does.
    """

    uid: str
    by: Actor
    wards: QuerySet[Ward]


def signed_in(user: User) -> Caller:
    """Return the person of a session as a caller."""
    return Caller(f"user {user.pk}", person(user, Source.API), wards_visible_to(user))

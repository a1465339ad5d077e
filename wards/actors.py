"""Who acts, and through which source."""

from dataclasses import dataclass

from django.db import models

from wards.models.user import User


class Source(models.TextChoices):
    WEB = "web", "the diary"
    ADMIN = "admin", "the admin"
    API = "api", "the API"
    SYNC = "sync", "the Assurance Dashboard"
    SYSTMONE = "systmone", "SystmOne"
    JOB = "job", "the schedule"
    COMMAND = "command", "the command line"


@dataclass(frozen=True)
class Actor:
    """A person, or a machine that acts in a person's or its own name.

    Args:
        name: as history shows it.
        source: where the action came through.
        user: the person, where the Hub knows them.
    """

    name: str
    source: Source
    user: User | None = None

    @property
    def user_id(self) -> str:
        """The person's id for the audit log; empty for a machine."""
        return str(self.user.pk) if self.user else ""


def person(user: User, source: Source = Source.WEB) -> Actor:
    """Return the signed-in `user` as an actor."""
    return Actor(user.name, source, user)

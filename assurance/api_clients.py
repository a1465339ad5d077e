"""What senior admins do to API clients: create, change, give a new key, revoke.

A key reads `hub_<prefix>_<secret>`. It is returned once, to be shown once, and never logged; the
database holds its prefix, to find the client, and its hash.
"""

import secrets
import string
from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assurance.models import ApiClient
from audit.events import record
from wards.actors import Actor
from wards.models import User, Ward

MARK = "hub"
PREFIX_ALPHABET = string.ascii_lowercase + string.digits
PREFIX_LENGTH = 8
SECRET_BYTES = 32  # 43 characters

FORM_FIELDS = (
    "name",
    "allowed_networks",
    "acts_for",
    "accepts_unknown_people",
    "application_id",
)


class KeyReplaced(Exception):
    """Somebody has issued a new key meanwhile."""


def hash_of(key: str) -> str:
    """Return what the database keeps of `key`."""
    # A secret of 256 random bits cannot be guessed, so a slow hash would add nothing.
    return sha256(key.encode()).hexdigest()


@transaction.atomic
def create_client(
    *,
    name: str,
    wards: Collection[Ward] | None,
    by: Actor,
    allowed_networks: str = "",
    acts_for: User | None = None,
    accepts_unknown_people: bool = False,
    application_id: UUID | None = None,
) -> tuple[ApiClient, str]:
    """Create a client for `wards`, or for all wards if `None`; return it and its key.

    Only one that `acts_for` a person has to do with patients. Tokens of the application with
    `application_id` stand for it as its key does.

    Raises `django.db.IntegrityError` when a client of this name exists.
    """
    prefix, key = _new_key()
    client = ApiClient.objects.create(
        name=name,
        prefix=prefix,
        key_hash=hash_of(key),
        all_wards=wards is None,
        allowed_networks=allowed_networks,
        acts_for=acts_for,
        accepts_unknown_people=accepts_unknown_people,
        application_id=application_id,
    )
    client.wards.set(wards or [])
    record_change("create", client, by, **_reach(client, wards))
    return client, key


@transaction.atomic
def change_client(*, client: ApiClient, wards: Collection[Ward] | None, by: Actor) -> None:
    """Save what was changed of `client`, and its wards, all of them if `None`."""
    client.all_wards = wards is None
    client.save(update_fields=[*FORM_FIELDS, "all_wards"])
    client.wards.set(wards or [])
    record_change("change", client, by, **_reach(client, wards))


@transaction.atomic
def issue_key(*, client: ApiClient, by: Actor) -> str:
    """Return a new key for `client`, even a revoked one; the old key stops working.

    Raises `KeyReplaced` when the client's key is no longer the one that `client` says.
    """
    prefix, key = _new_key()
    present = ApiClient.objects.filter(pk=client.pk, prefix=client.prefix)
    if present.update(prefix=prefix, key_hash=hash_of(key), revoked_at=None) != 1:
        raise KeyReplaced
    client.refresh_from_db()
    record_change("issue_key", client, by)
    return key


@transaction.atomic
def revoke(*, client: ApiClient, by: Actor) -> None:
    """End what `client` may do, at once; does nothing if it is revoked already."""
    now = timezone.now()
    if ApiClient.objects.current().filter(pk=client.pk).update(revoked_at=now):
        client.revoked_at = now
        record_change("revoke", client, by)


def _new_key() -> tuple[str, str]:
    prefix = "".join(secrets.choice(PREFIX_ALPHABET) for _ in range(PREFIX_LENGTH))
    return prefix, f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"


def _reach(client: ApiClient, wards: Collection[Ward] | None) -> dict[str, object]:
    return {
        "wards": "all" if wards is None else [ward.name for ward in wards],
        "networks": client.allowed_networks.split(),
        "acts_for": client.acts_for_id,
        "accepts_unknown_people": client.accepts_unknown_people,
        "application": str(client.application_id or ""),
    }


def record_change(action: str, client: ApiClient, by: Actor, **detail: object) -> None:
    """Write `action` on `client` to the audit log."""
    record(
        by=by,
        action=f"api_client.{action}",
        object_type="api_client",
        object_id=str(client.pk),
        detail={"name": client.name, **detail},
    )

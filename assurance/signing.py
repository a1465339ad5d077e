"""What senior admins do about signatures: ask a client to sign, with a secret, or no longer."""

from django.db import transaction

from assurance.api_clients import record_change
from assurance.models import ApiClient
from assurance.signatures import mark_of, new_secret
from wards.actors import Actor


class SecretReplaced(Exception):
    """Somebody has changed the secret meanwhile."""


@transaction.atomic
def issue_secret(*, client: ApiClient, replaces: str, by: Actor) -> str:
    """Return a new secret, with which `client` must sign from now on; the old one holds no more.

    Args:
        replaces: the mark of the present secret; empty where there is none.

    Raises `SecretReplaced` when the present secret has another mark.
    """
    locked = ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    if mark_of(locked.signing_secret) != replaces:
        raise SecretReplaced
    client.signing_secret = new_secret()
    client.save(update_fields=["signing_secret"])
    record_change("issue_signing_secret", client, by)
    return client.signing_secret


@transaction.atomic
def ask_for_no_signatures(*, client: ApiClient, by: Actor) -> None:
    """Take unsigned requests of `client` again; does nothing if they are taken already."""
    signing = ApiClient.objects.filter(pk=client.pk).exclude(signing_secret="")
    if signing.update(signing_secret=""):
        client.signing_secret = ""
        record_change("ask_for_no_signatures", client, by)

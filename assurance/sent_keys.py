"""What a client sends again under the same key is the same event."""

from dataclasses import dataclass

from django.utils.crypto import constant_time_compare

from assurance.models import ApiClient, SentKey, SyncEvent
from wards.idempotency import KeyReused, fingerprint_of
from wards.locks import try_hold


class StillInProgress(Exception):
    """Another request with the same key, or the same audit, has not ended yet."""


@dataclass(frozen=True)
class Sent:
    """A key that came with a request, and the text that must be the same when it comes again."""

    key: str
    text: str

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.text, purpose="assurance.sent_key")


def event_of(sent: Sent, client: ApiClient) -> SyncEvent | None:
    """Return the event that the key stands for already; hold the key until the transaction ends.

    Raises `KeyReused` if it stands for something else, and `StillInProgress` if another request
    with this key has not ended.
    """
    if not try_hold("sent key", client.pk, sent.key):
        raise StillInProgress
    rows = SentKey.objects.select_related("event__client", "event__ward")
    known = rows.filter(client=client, key=sent.key).first()
    if known is None:
        return None
    if not constant_time_compare(known.fingerprint, sent.fingerprint):
        raise KeyReused
    return known.event


def remember(sent: Sent, event: SyncEvent) -> None:
    """Let the key stand for `event`; does nothing if it does already."""
    SentKey.objects.get_or_create(
        client=event.client,
        key=sent.key,
        defaults={"fingerprint": sent.fingerprint, "event": event},
    )

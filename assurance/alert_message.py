"""Everything new about one thing, as one message."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings

from assurance.models import SyncAlert
from wards import alert_mail
from wards.models import Ward

MOST_IN_ONE_MESSAGE = 50


@dataclass(frozen=True)
class Message:
    """Alerts of one kind, ward and subject, the oldest first; there is at least one."""

    alerts: Sequence[SyncAlert]

    @property
    def ward(self) -> Ward | None:
        return self.alerts[0].ward

    @property
    def subject(self) -> str:
        return self.alerts[0].subject

    def readers(self) -> list[str]:
        """Whoever runs the ward; the senior admins for what concerns the trust."""
        return (alert_mail.ward_admins_of(self.ward) if self.ward else []) or (
            alert_mail.senior_admins()
        )

    def lines(self) -> list[str]:
        """Return what to say, each place to look named once."""
        told = []
        for sentences, address in self._by_place():
            told += [*sentences, address] if address else sentences
        return [*told, *self._rest()]

    def sentences(self) -> list[str]:
        """Return what to say without the places to look."""
        told = [sentence for sentences, _ in self._by_place() for sentence in sentences]
        return [*told, *self._rest()]

    def places(self) -> list[str]:
        """Return the addresses at which to look, each once."""
        return list(dict.fromkeys(address for _, address in self._by_place() if address))

    def _by_place(self) -> Iterator[tuple[list[str], str]]:
        shown = self.alerts[:MOST_IN_ONE_MESSAGE]
        for path, alerts in groupby(shown, key=lambda alert: alert.path):
            sentences = [line for alert in alerts for line in alert.lines]
            yield sentences, f"{settings.HUB_BASE_URL}{path}" if path else ""

    def _rest(self) -> list[str]:
        left_out = len(self.alerts) - MOST_IN_ONE_MESSAGE
        return [f"And {left_out} more."] if left_out > 0 else []

"""E-mails to those who run wards or the trust's integrations; they hold no patient data."""

from collections.abc import Collection

import structlog
from django.core.mail import send_mail

from wards.models import Membership, Role, Ward

logger = structlog.get_logger(__name__)


def ward_admins_of(*wards: Ward) -> list[str]:
    """Return the addresses of those who run any of `wards`."""
    return _addresses(role=Role.WARD_ADMIN, ward__in=wards)


def senior_admins() -> list[str]:
    """Return the addresses of those who run the integrations."""
    return _addresses(role=Role.SENIOR_ADMIN)


def send(subject: str, lines: Collection[str], readers: Collection[str]) -> None:
    """Write to `readers`; where there are none, say so in the log.

    Raises `OSError` (`smtplib.SMTPException` is one) when the mail server does not take it.
    """
    if not readers:
        logger.warning("nobody to alert", subject=subject)
        return
    send_mail(f"[Inpatient Hub] {subject}", "\n".join(lines), None, list(readers))


def _addresses(**membership: object) -> list[str]:
    people = Membership.objects.current().filter(**membership)
    return sorted(set(people.values_list("user__email", flat=True)))

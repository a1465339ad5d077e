"""An `Idempotency-Key`: the same key with the same body is the same request."""

from django.utils.crypto import salted_hmac

LONGEST_KEY = 200
KEY_PATTERN = r"^[\x21-\x7e]*$"


class KeyReused(Exception):
    """The key stood for another body before; nothing was done."""


def fingerprint_of(body: str, *, purpose: str) -> str:
    """Return a keyed hash of `body`: an NHS number alone would be guessed from a plain one."""
    return salted_hmac(purpose, body, algorithm="sha256").hexdigest()

"""What the requests of a client that signs must show, besides its key.

Either Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), or, for a script
of a custom connector, `X-Hub-Timestamp`, in seconds since 1970, and `X-Hub-Signature`, which reads
`sha256=` and the HMAC-SHA256 of timestamp, full stop and body in hexadecimal digits; its key is the
secret as it was shown. A signature holds for five minutes.
"""

import hmac
import re
import secrets
import time
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET_BYTES = 32
HOLDS_FOR = 5 * 60  # seconds, as Standard Webhooks has it

SECONDS = re.compile(r"[0-9]{1,12}")
DIGEST = re.compile(r"sha256=([0-9a-f]{64})", re.IGNORECASE)


class NotSigned(Exception):
    """The request has no signature, or one that does not hold."""


def new_secret() -> str:
    """Return a new secret, in the form that Standard Webhooks has for them."""
    return "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def mark_of(secret: str) -> str:
    """Return what tells one secret from another, and nothing else of it."""
    return sha256(secret.encode()).hexdigest()[:12] if secret else ""


def check(*, headers: Mapping[str, str], body: bytes, secret: str) -> None:
    """Check that `body` was signed with `secret`. Raises NotSigned."""
    if "webhook-signature" in headers:
        _check_standard(headers, body, secret)
    else:
        _check_plain(headers, body, secret)


def signature_of(body: bytes, *, timestamp: int, secret: str) -> str:
    """Return the plain signature of `body`, as the header `X-Hub-Signature` has it."""
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, sha256).hexdigest()


def _check_standard(headers: Mapping[str, str], body: bytes, secret: str) -> None:
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # the latter: it cannot even be read
        raise NotSigned from None


def _check_plain(headers: Mapping[str, str], body: bytes, secret: str) -> None:
    seconds = headers.get("X-Hub-Timestamp", "")
    given = headers.get("X-Hub-Signature", "")
    if not SECONDS.fullmatch(seconds) or not DIGEST.fullmatch(given):
        raise NotSigned
    timestamp = int(seconds)
    expected = signature_of(body, timestamp=timestamp, secret=secret)
    if abs(time.time() - timestamp) > HOLDS_FOR:
        raise NotSigned
    if not hmac.compare_digest(expected, given.lower()):
        raise NotSigned

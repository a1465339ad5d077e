"""What a client sent, as a person may read it: never with a key in it."""

import json
import re
from typing import Any

from assurance.authentication import KEY

HIDDEN = "(hidden)"

WORDS = "secret|token|password|authorization|signature|credential"
# Of a member, such as `apiKey`, `X-API-Key` or `client_secret`; but not `keysCounted`.
SECRET_NAME = re.compile(rf"key$|{WORDS}", re.IGNORECASE)
SECRET_TEXT = (
    KEY,
    re.compile(r"whsec_[A-Za-z0-9+/=_-]+"),  # of Standard Webhooks
    re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"),  # a JSON Web Token
    re.compile(r"(?<=Bearer )\S+", re.IGNORECASE),
)
# In a body that is no JSON, or was cut off: up to the end of the value.
SECRET_MEMBER = re.compile(
    rf"""("(?:[^"]*key|[^"]*(?:{WORDS})[^"]*)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^,}}\]]+)""",
    re.IGNORECASE,
)


def readable(payload: str) -> str:
    """Return `payload` with a line for each member, and without what opens anything."""
    try:
        return in_lines(json.loads(payload))
    except (ValueError, RecursionError):
        return _without_secrets(SECRET_MEMBER.sub(rf'\1"{HIDDEN}"', payload))


def in_lines(body: Any) -> str:
    """Return `body`, which JSON can hold, in the same way."""
    return json.dumps(without_secrets(body), indent=2, ensure_ascii=False)


def without_secrets(value: Any) -> Any:
    """Return `value`, which JSON can hold, without what opens anything."""
    match value:
        case dict():
            return {
                _without_secrets(name): HIDDEN
                if SECRET_NAME.search(name)
                else without_secrets(below)
                for name, below in value.items()
            }
        case list():
            return [without_secrets(each) for each in value]
        case str():
            return _without_secrets(value)
    return value


def _without_secrets(text: str) -> str:
    for secret in SECRET_TEXT:
        text = secret.sub(HIDDEN, text)
    return text

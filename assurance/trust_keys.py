"""The public keys with which the trust's sign-in service signs its tokens: fetched, and kept."""

import time
from functools import cache
from threading import Lock

import structlog
from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientError, PyJWKError, PyJWKSetError

logger = structlog.get_logger(__name__)

LIFETIME = 3600.0  # seconds; after a failed fetch, the keys that are known serve on
PAUSE = 10.0  # seconds between two fetches, whatever tokens come
TIME_OUT = 2  # seconds


class KeysNotAvailable(Exception):
    """The key cannot be known now: the service does not answer, or was asked a moment ago."""


class KeyRing:
    """The keys at one address, as this process knows them; threads may share it."""

    def __init__(self, url: str) -> None:
        self._source = PyJWKClient(url, cache_jwk_set=False, timeout=TIME_OUT)
        self._keys: dict[str, PyJWK] = {}
        self._fresh_until = self._may_ask_at = time.monotonic()
        self._lock = Lock()

    def key(self, number: str) -> PyJWK | None:
        """Return the key of this number (`kid`), or `None` if there is none.

        Raises KeysNotAvailable.
        """
        if number in self._keys and time.monotonic() < self._fresh_until:
            return self._keys[number]
        with self._lock:
            is_up_to_date = self._fetch()
        if number in self._keys:
            return self._keys[number]
        if not is_up_to_date:
            raise KeysNotAvailable
        return None

    def _fetch(self) -> bool:
        """Say whether all keys are known as of now; a key is new at most once in a pause."""
        now = time.monotonic()
        if now < self._may_ask_at:
            return False
        self._may_ask_at = now + PAUSE
        try:
            keys = self._source.get_signing_keys()
        except (PyJWKClientError, PyJWKSetError, PyJWKError, OSError, ValueError) as problem:
            logger.warning("keys of the trust not available", problem=str(problem))
            return False
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._fresh_until = now + LIFETIME
        return True


@cache
def keys_at(url: str) -> KeyRing:
    """Return the one ring of the keys at `url`."""
    return KeyRing(url)

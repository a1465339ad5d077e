"""What is kept encrypted: keys and secret addresses, and what went to and from SystmOne.

The keys come from HUB_ENCRYPTION_KEYS: the first encrypts, all of them decrypt, so that a new one
can be put in front. Whoever has the database alone cannot read these fields.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class WrongKey(Exception):
    """What is stored was encrypted with a key that HUB_ENCRYPTION_KEYS no longer holds."""


class Sealed(str):
    """Text whose key is missing: it shows as empty, and is stored again as it stands."""

    stored: str

    def __new__(cls, stored: str) -> "Sealed":
        text = super().__new__(cls)
        text.stored = stored
        return text


def opened(text: str) -> str:
    """Return `text`, which is about to be used. Raises WrongKey where it could not be read."""
    if isinstance(text, Sealed):
        raise WrongKey("HUB_ENCRYPTION_KEYS lacks the key with which this was encrypted.")
    return text


@cache
def _ciphers(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured(
            "HUB_ENCRYPTION_KEYS is missing: nothing can be kept encrypted without it."
        )
    return MultiFernet([Fernet(key) for key in keys])


if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField  # takes type arguments in its stubs only


class EncryptedTextField(TextField):
    """Text that the database holds encrypted; an empty text stays empty. It cannot be searched.

    A row whose key is missing can still be read, counted and changed: its text is `Sealed`.
    """

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        if isinstance(plain, Sealed):
            return plain.stored
        if not plain:
            return plain
        return _ciphers(tuple(settings.HUB_ENCRYPTION_KEYS)).encrypt(plain.encode()).decode()

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        try:
            return _ciphers(tuple(settings.HUB_ENCRYPTION_KEYS)).decrypt(value).decode()
        except InvalidToken:
            return Sealed(value)

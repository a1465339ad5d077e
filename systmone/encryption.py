"""Where the landed migrations look for the encrypted field; it lives a floor below."""

from wards.encryption import EncryptedTextField

__all__ = ["EncryptedTextField"]

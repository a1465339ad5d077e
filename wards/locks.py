"""Names that one transaction at a time may hold."""

from hashlib import sha256

from django.db import connection


def try_hold(*name: object) -> bool:
    """Hold `name` until the transaction ends; return False, at once, if another one holds it.

    On SQLite a transaction that writes is the only one, so it holds every name.
    """
    if connection.vendor != "postgresql":
        return True
    digest = sha256("\x00".join(map(str, name)).encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_held,) = cursor.fetchone()
    return bool(is_held)

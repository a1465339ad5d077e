"""What the rooms rely on in the database."""

import pytest
from django.db import connection

EXPECTED: dict[str, dict[str, str | int]] = {
    "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 1, "PRAGMA foreign_keys": 1},
    "postgresql": {"SHOW transaction_isolation": "read committed", "SHOW lock_timeout": "5s"},
}


@pytest.mark.django_db
def test_the_database_is_set_for_many_readers_and_writers() -> None:
    for statement, answer in EXPECTED[connection.vendor].items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.fetchone() == (answer,)

"""Many rows into PostgreSQL, fast: numbered here, and copied in one stream for each table."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from operator import attrgetter
from typing import TypeVar

from django.core.management.color import no_style
from django.db import connection
from django.db.models import JSONField, Model
from psycopg.types.json import Jsonb

M = TypeVar("M", bound=Model)


class Rows:
    """Collects new rows of an empty database; they are stored by `store`, checks and all.

    Foreign keys alone are taken on trust: the numbers come from here.
    """

    def __init__(self) -> None:
        self._numbers: dict[type[Model], count[int]] = defaultdict(lambda: count(1))
        self._waiting: dict[type[Model], list[Model]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")

    def add(self, row: M) -> M:
        """Number `row`, unless it has its number, and keep it until it is stored."""
        if row.pk is None:
            row.pk = next(self._numbers[type(row)])
        self._waiting[type(row)].append(row)
        return row

    def store(self) -> None:
        """Store what waits."""
        for model, rows in self._waiting.items():
            _copy(model, rows)
        self._waiting.clear()

    def finish(self) -> None:
        """Let the database number the next rows itself, and know its figures to plan by."""
        reset = connection.ops.sequence_reset_sql(no_style(), list(self._numbers))
        with connection.cursor() as cursor:
            for statement in [*reset, "SET session_replication_role = origin", "VACUUM ANALYZE"]:
                cursor.execute(statement)


def _copy(model: type[Model], rows: Sequence[Model]) -> None:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    documents = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    values_of = attrgetter(*(field.attname for field in fields))
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            values = list(values_of(row))
            for place in documents:
                values[place] = Jsonb(values[place])
            copy.write_row(values)

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db import connections
from django.db.models.signals import post_migrate


class InpatientHubConfig(AppConfig):
    name = "inpatient_hub"
    verbose_name = "Inpatient Hub"

    def ready(self) -> None:
        # Django sends this signal only for apps that have models.
        post_migrate.connect(
            let_sqlite_readers_and_writers_work_together, sender=apps.get_app_config("audit")
        )


def let_sqlite_readers_and_writers_work_together(*, using: str, **_: Any) -> None:
    """Switch a SQLite file to WAL, which lasts; at migration, for first connections collide."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


class HubAdminConfig(AdminConfig):
    default_site = "inpatient_hub.admin.HubAdminSite"

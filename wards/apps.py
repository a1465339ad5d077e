from django.apps import AppConfig


class WardsConfig(AppConfig):
    name = "wards"

    def ready(self) -> None:
        from wards import sign_in  # noqa: F401  connects the sign-in events to the audit log

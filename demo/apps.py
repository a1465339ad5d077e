from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed only where `HUB_DEMO` is on."""

    name = "demo"

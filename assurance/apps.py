from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    name = "assurance"
    verbose_name = "Assurance Dashboard"

    def ready(self) -> None:
        from assurance import receivers  # noqa: F401  hears what the diary announces
        from assurance.card_facts import facts_of
        from tasks.card_facts import register

        register(facts_of)

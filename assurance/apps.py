from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    name = "assurance"
    verbose_name = "Assurance Dashboard"

    def ready(self) -> None:
        from assurance import (
            card_facts,
            receivers,  # noqa: F401  hears what the diary announces
            ward_notice,
        )
        from tasks.card_facts import register
        from tasks.ward_notices import above_diaries_of_managers

        register(card_facts.facts_of)
        above_diaries_of_managers.register("assurance/ward_notice.jinja", ward_notice.facts_of)

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        from tasks import (
            patient_facts,
            transfers,  # noqa: F401  hears of patients who change wards
        )
        from wards import board_facts, timeline

        board_facts.register(patient_facts.facts_of)
        timeline.register(patient_facts.entries_of)

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        # Two of these hear of patients who change wards or leave.
        from tasks import discharges, patient_facts, transfers  # noqa: F401
        from wards import board_facts, patient_pages, timeline

        board_facts.register(patient_facts.facts_of)
        timeline.register(patient_facts.entries_of)
        patient_pages.register(patient_pages.PatientPage("All their work", "patient_work"))

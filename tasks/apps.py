from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        # Two of these hear of patients who change wards or leave.
        from tasks import discharges, patient_facts, transfers  # noqa: F401
        from tasks.category_form import CategoriesForm
        from wards import board_facts, patient_pages, timeline, ward_pages
        from wards.features import Feature

        board_facts.register(patient_facts.facts_of)
        timeline.register(patient_facts.entries_of)
        patient_pages.register(patient_pages.PatientPage("All their work", "patient_work"))
        ward_pages.register(
            ward_pages.WardPage(
                "task-categories", "Task categories", CategoriesForm, Feature.PATIENTS
            )
        )

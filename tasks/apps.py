from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        # Most of these hear of patients who come, change wards, go missing or leave.
        from tasks import absences, discharges, legal_work, patient_facts, transfers  # noqa: F401
        from tasks.category_form import CategoriesForm
        from tasks.fates import CHOICES
        from tasks.legal_work_form import LegalWorkForm
        from wards import (
            board_facts,
            consequences,
            patient_pages,
            timeline,
            transfer_choices,
            ward_pages,
        )
        from wards.features import Feature
        from wards.models import StayEvent

        board_facts.register(patient_facts.facts_of)
        consequences.register(StayEvent.Action.ABSENT, absences.what_would_pause)
        consequences.register(StayEvent.Action.RETURN, absences.what_would_resume)
        consequences.register(StayEvent.Action.NOT_ABSENT, absences.what_would_resume)
        consequences.register(StayEvent.Action.DISCHARGE, discharges.what_would_be_called_off)
        timeline.register(patient_facts.entries_of)
        transfer_choices.register(CHOICES)
        patient_pages.register(patient_pages.PatientPage("All their work", "patient_work"))
        ward_pages.register(
            ward_pages.WardPage(
                "task-categories", "Task categories", CategoriesForm, Feature.PATIENTS
            )
        )
        ward_pages.register(
            ward_pages.WardPage(
                "legal-work", "Legal status reminders", LegalWorkForm, Feature.PATIENTS
            )
        )

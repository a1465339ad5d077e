from django.apps import AppConfig


class WardsConfig(AppConfig):
    name = "wards"

    def ready(self) -> None:
        from wards import (
            sign_in,  # noqa: F401  connects the sign-in events to the audit log
            ward_pages,
        )
        from wards.checklists import ChecklistForm
        from wards.features import Feature
        from wards.field_rules import FieldRulesForm

        ward_pages.register(
            ward_pages.WardPage(
                "discharge-checklist", "Discharge checklist", ChecklistForm, Feature.PATIENTS
            )
        )
        ward_pages.register(
            ward_pages.WardPage(
                "patient-fields", "Patient fields", FieldRulesForm, Feature.PATIENTS
            )
        )

from django.apps import AppConfig


class SystmOneConfig(AppConfig):
    name = "systmone"
    verbose_name = "SystmOne"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from systmone import (
            admitting,
            answers,
            demographics,
            discharge_logs,
            panels,
            person_lookups,
            staff,
            task_facts,
            ward_notice,
        )
        from systmone.protocol.functions import (
            GetOrganisationMetaData,
            GetPatientRecord,
            PatientSearch,
        )
        from systmone.ward_settings import SystmOneSettingsForm, has_gateway
        from tasks import card_facts
        from tasks.panels import on_tasks
        from wards import admission_sources, signals, ward_pages
        from wards.features import Feature
        from wards.panels import (
            above_patients,
            above_wards,
            on_discharge_logs,
            on_notes,
            on_patients,
            on_wards,
        )

        on_notes.register("systmone/panel.jinja", panels.facts_of_note)
        on_discharge_logs.register("systmone/panel.jinja", panels.facts_of_log)
        above_patients.register("systmone/patient_notice.jinja", panels.facts_of_differences)
        above_patients.register("systmone/panel.jinja", panels.facts_of_undone_log)
        answers.register(GetOrganisationMetaData, staff.keep)
        card_facts.register(task_facts.of_appointments)
        above_wards.register("systmone/ward_notice.jinja", ward_notice.facts_of)
        answers.register(PatientSearch, person_lookups.drop_what_nobody_waits_for)
        answers.register(GetPatientRecord, demographics.keep)
        on_patients.register("systmone/patient_panel.jinja", panels.facts_of_patient)
        answers.register(GetPatientRecord, person_lookups.drop_what_nobody_waits_for)
        on_wards.register("systmone/look_up_panel.jinja", panels.facts_of_ward)
        admission_sources.register(
            admission_sources.AdmissionSource(admitting.NAME, admitting.facts, admitting.admitted)
        )
        user_logged_out.connect(person_lookups.forget_session)
        card_facts.register(task_facts.of_patient_tasks)
        on_tasks.register("systmone/panel.jinja", panels.facts_of_task)
        signals.stay_ended.connect(discharge_logs.on_end)
        signals.stay_ended.connect(demographics.on_end)
        signals.stay_reopened.connect(discharge_logs.on_reopening)
        ward_pages.register(
            ward_pages.WardPage(
                "systmone", "SystmOne", SystmOneSettingsForm, Feature.SYSTMONE, has_gateway
            )
        )

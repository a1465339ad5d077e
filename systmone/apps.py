from django.apps import AppConfig


class SystmOneConfig(AppConfig):
    name = "systmone"
    verbose_name = "SystmOne"

    def ready(self) -> None:
        _show()
        _hear()
        _follow()


def _show() -> None:
    """Add what SystmOne says to the pages of the rooms below."""
    from systmone import admitting, panels, task_facts, ward_notice
    from systmone.ward_settings import SystmOneSettingsForm, has_gateway
    from tasks import card_facts
    from tasks.panels import on_tasks
    from wards import admission_sources, ward_pages
    from wards.features import Feature
    from wards.panels import (
        above_patients,
        above_wards,
        on_discharge_logs,
        on_notes,
        on_patients,
        on_wards,
    )

    above_wards.register("systmone/ward_notice.jinja", ward_notice.facts_of)
    above_patients.register("systmone/patient_notice.jinja", panels.facts_of_differences)
    above_patients.register("systmone/panel.jinja", panels.facts_of_undone_log)
    on_patients.register("systmone/patient_panel.jinja", panels.facts_of_patient)
    on_wards.register("systmone/look_up_panel.jinja", panels.facts_of_ward)
    on_notes.register("systmone/panel.jinja", panels.facts_of_note)
    on_discharge_logs.register("systmone/panel.jinja", panels.facts_of_log)
    on_tasks.register("systmone/panel.jinja", panels.facts_of_task)
    card_facts.register(task_facts.of_appointments)
    card_facts.register(task_facts.of_patient_tasks)
    admission_sources.register(
        admission_sources.AdmissionSource(admitting.NAME, admitting.facts, admitting.admitted)
    )
    ward_pages.register(
        ward_pages.WardPage(
            "systmone", "SystmOne", SystmOneSettingsForm, Feature.SYSTMONE, has_gateway
        )
    )


def _hear() -> None:
    """Let the parts that ask SystmOne have its answers."""
    from systmone import answers, demographics, person_lookups, staff
    from systmone.protocol.functions import GetOrganisationMetaData, GetPatientRecord, PatientSearch

    answers.register(GetOrganisationMetaData, staff.keep)
    answers.register(PatientSearch, person_lookups.drop_what_nobody_waits_for)
    answers.register(GetPatientRecord, demographics.keep)
    answers.register(GetPatientRecord, person_lookups.drop_what_nobody_waits_for)


def _follow() -> None:
    """Do what follows from what happens in the rooms below."""
    from django.contrib.auth.signals import user_logged_out

    from systmone import demographics, discharge_logs, person_lookups
    from wards import signals

    user_logged_out.connect(person_lookups.forget_session)
    signals.stay_ended.connect(discharge_logs.on_end)
    signals.stay_ended.connect(demographics.on_end)
    signals.stay_reopened.connect(discharge_logs.on_reopening)

from django.apps import AppConfig


class InpatientHubConfig(AppConfig):
    name = "inpatient_hub"
    verbose_name = "Inpatient Hub"

from django.apps import AppConfig


class SystmOneConfig(AppConfig):
    name = "systmone"
    verbose_name = "SystmOne"

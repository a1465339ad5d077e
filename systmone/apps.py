from django.apps import AppConfig


class SystmOneConfig(AppConfig):
    name = "systmone"
    verbose_name = "SystmOne"

    def ready(self) -> None:
        from systmone.note_panel import facts_of
        from wards.note_panels import NotePanel, register

        register(NotePanel("systmone/note_panel.jinja", facts_of))

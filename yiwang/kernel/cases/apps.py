from django.apps import AppConfig


class CasesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.kernel.cases"
    label = "cases"

    def ready(self) -> None:
        from yiwang.kernel.cases import telling, texting
        from yiwang.kernel.cases.actions import handover, recompute_running
        from yiwang.kernel.cases.retention import table
        from yiwang.kernel.foundation.calendar.actions import on_calendar_change
        from yiwang.kernel.organisation.handover import on_handover

        telling.register_all()
        texting.register_all()
        table.register_all()
        on_handover(handover.hand_over)
        on_calendar_change(recompute_running)

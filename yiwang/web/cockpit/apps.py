from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CockpitConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        from yiwang.kernel.organisation.rules import Role
        from yiwang.web.cockpit.needs import TO_CHECK_THE_RECORD, TO_INSPECT, TO_SEE_FIGURES
        from yiwang.web.kit.navigation import Door, register

        leader, inspector = frozenset({Role.LEADER}), frozenset({Role.INSPECTOR})
        register(
            Door(
                _("总览"), "cockpit:overview", TO_SEE_FIGURES, icon="eye", order=40, home_for=leader
            )
        )
        register(
            Door(
                _("监督"), "inspect:lists", TO_INSPECT, icon="search", order=45, home_for=inspector
            )
        )
        register(
            Door(_("记录校验"), "inspect:record", TO_CHECK_THE_RECORD, icon="checks", order=46)
        )

        from yiwang.web.cockpit.sheets import register_lists

        register_lists()

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.field"
    label = "field"

    def ready(self) -> None:
        from yiwang.kernel.organisation.rules import Role
        from yiwang.web.field.needs import ON_THE_GROUND
        from yiwang.web.kit.navigation import Door, register

        home = frozenset({Role.GRID_WORKER})
        register(
            Door(_("我的网格"), "field:home", ON_THE_GROUND, icon="walk", order=25, home_for=home)
        )

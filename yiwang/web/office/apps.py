from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.office"
    label = "office"

    def ready(self) -> None:
        from yiwang.kernel.organisation.rules import Role
        from yiwang.web.kit.navigation import Door, register, register_subject
        from yiwang.web.office.needs import ANY_OF_IT

        register(
            Door(
                _("系统管理"),
                "office:home",
                ANY_OF_IT,
                icon="settings",
                order=80,
                home_for=frozenset({Role.ADMINISTRATOR}),
            )
        )
        register_subject("division", "office:division")
        register_subject("unit", "office:unit")
        register_subject("user", "office:person")
        register_subject("posting", "office:posting")
        register_subject("category", "office:catalogue-at")

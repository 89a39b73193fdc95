from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResidentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.residents"
    label = "residents"

    def ready(self) -> None:
        from yiwang.web.kit.access import Needs
        from yiwang.web.kit.navigation import Door, register, register_subject

        public = (Needs.PUBLIC,)
        register(Door(_("反映问题"), "residents:report", public, icon="message-report", order=10))
        register(Door(_("查进度"), "residents:find", public, icon="search", order=11))
        register_subject("follow_code", "residents:follow")

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.desk"
    label = "desk"

    def ready(self) -> None:
        from yiwang.kernel.organisation.rules import Role
        from yiwang.web.desk.needs import AT_THE_DESK, IN_A_UNIT, TO_CALL_BACK, TO_READ_A_CASE
        from yiwang.web.desk.queues import sharing
        from yiwang.web.kit.live import register_part
        from yiwang.web.kit.navigation import Door, register, register_search, register_subject

        at_desk = frozenset({Role.DESK_OPERATOR, Role.COMMUNITY_OFFICER})
        in_unit = frozenset({Role.UNIT_HANDLER})
        register(
            Door(_("受理台"), "desk:queue", AT_THE_DESK, icon="inbox", order=20, home_for=at_desk)
        )
        register(
            Door(
                _("我的任务"), "unit:work", IN_A_UNIT, icon="checklist", order=30, home_for=in_unit
            )
        )
        register_part("desk", **sharing.PIECES)
        register(Door(_("回访"), "calls:home", TO_CALL_BACK, icon="headset", order=25))
        register_subject("case", "cases:by-id")
        register_search("search:find", TO_READ_A_CASE)

        from yiwang.web.desk.exports.sources import register_lists

        register_lists()

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.kernel.organisation"
    label = "organisation"

    def ready(self) -> None:
        from yiwang.kernel.accounts import decide_with
        from yiwang.kernel.accounts.passwords import tell_words_with
        from yiwang.kernel.foundation import permits
        from yiwang.kernel.organisation.naming import names_here
        from yiwang.kernel.organisation.permissions import (
            may_manage_staff,
            may_somewhere,
            used_for,
        )
        from yiwang.kernel.organisation.staffing import check_staffing
        from yiwang.kernel.territory import register_check

        decide_with(may_manage_staff)
        permits.decide_with(may_somewhere)
        permits.tell_for_whom_with(used_for)
        register_check(check_staffing)
        tell_words_with(names_here)

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.kernel.accounts"
    label = "accounts"

    def ready(self) -> None:
        from yiwang.kernel.accounts import turned_away

        turned_away.register_retention()

from django.apps import AppConfig


class SigninConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.signin"
    label = "signin"

    def ready(self) -> None:
        from yiwang.web.signin import gate, locking, second, telling  # noqa: F401 - they listen

        telling.register_all()

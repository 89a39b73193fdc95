"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class OpenGovernmentConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.open_government"
    label = "open_government"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.open_government.topic import TOPIC

        catalogue.register(TOPIC)

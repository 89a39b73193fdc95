"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class EconomyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.economy"
    label = "economy"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.economy.topic import TOPIC

        catalogue.register(TOPIC)

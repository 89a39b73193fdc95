"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.health"
    label = "health"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.health.topic import TOPIC

        catalogue.register(TOPIC)

"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class DisciplineConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.discipline"
    label = "discipline"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.discipline.topic import TOPIC

        catalogue.register(TOPIC)

"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class WorkSafetyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.work_safety"
    label = "work_safety"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.work_safety.topic import TOPIC

        catalogue.register(TOPIC)

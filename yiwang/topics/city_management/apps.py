"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class CityManagementConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.city_management"
    label = "city_management"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.city_management.topic import TOPIC

        catalogue.register(TOPIC)

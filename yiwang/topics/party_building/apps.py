"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class PartyBuildingConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.party_building"
    label = "party_building"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.party_building.topic import TOPIC

        catalogue.register(TOPIC)

"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class PublicSecurityConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.public_security"
    label = "public_security"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.public_security.topic import TOPIC

        catalogue.register(TOPIC)

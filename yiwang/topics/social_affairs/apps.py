"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class SocialAffairsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.social_affairs"
    label = "social_affairs"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.social_affairs.topic import TOPIC

        catalogue.register(TOPIC)

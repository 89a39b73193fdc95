"""Makes the topic known to the catalogue."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.topics.finance"
    label = "finance"

    def ready(self) -> None:
        from yiwang.kernel import catalogue
        from yiwang.topics.finance.topic import TOPIC

        catalogue.register(TOPIC)

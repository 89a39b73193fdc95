from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.kernel.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from yiwang.kernel.catalogue import following

        following.connect()

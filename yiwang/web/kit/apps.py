from django.apps import AppConfig


class KitConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "yiwang.web.kit"
    label = "kit"

"""Every door under its address. Each view declares who may use it; tests/house walks this list."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

"""Every door under its address. Each view declares who may use it; tests/house walks this list."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from yiwang.web.kit import assets

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{settings.STATIC_URL.strip('/')}/<path:path>", assets.file, name="asset"),
    path("", include("yiwang.web.signin.urls")),
    path("", include("yiwang.web.signin.allauth_urls")),
    path("", include("yiwang.web.residents.urls")),
    path("api/v1/", include("yiwang.web.api.urls")),
    path("", include("yiwang.web.desk.urls")),
    path("field/", include("yiwang.web.field.urls")),
    path("", include("yiwang.web.cockpit.urls")),
    path("office/", include("yiwang.web.office.urls")),
]

handler400 = "yiwang.web.kit.errors.bad_request"
handler403 = "yiwang.web.kit.errors.permission_denied"
handler404 = "yiwang.web.kit.errors.not_found"
handler500 = "yiwang.web.kit.failing.server_error"

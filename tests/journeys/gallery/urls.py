from django.urls import path

from tests.journeys.gallery import pages
from yiwang.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]
urlpatterns = [
    path("gallery", pages.gallery, name="gallery"),
    path("gallery/report", pages.report, name="gallery-report"),
    path("gallery/photo", pages.photo, name="gallery-photo"),
    path("gallery/refused/<str:kind>", pages.refused, name="gallery-refused"),
    path("gallery/row/<int:number>", pages.row, name="gallery-row"),
    path("gallery/picture/<int:hue>.svg", pages.picture, name="gallery-picture"),
    *urlpatterns,
]

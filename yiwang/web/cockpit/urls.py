"""Addresses of the overview and of the inspector."""

from django.urls import include, path

from yiwang.web.cockpit.pages import decide, figures, inspect, late, overview

cockpit = [
    path("", overview.overview, name="overview"),
    path("grids.json", overview.grids, name="grids"),
    path("late.json", overview.late_points, name="late-points"),
    path("late/", late.late, name="late"),
    path("watched/", late.watched, name="watched"),
    path("figures/", figures.figures, name="figures"),
    path("cases/<int:case_id>/<slug:move>/", decide.decide, name="decide"),
]
inspector = [
    path("", inspect.lists, name="lists"),
    path("openings/", inspect.openings, name="openings"),
    path("record/", inspect.record, name="record"),
]

urlpatterns = [
    path("cockpit/", include((cockpit, "cockpit"))),
    path("inspect/", include((inspector, "inspect"))),
]

"""Addresses of the desk, the case, the unit's work and photos."""

from django.urls import include, path

from yiwang.web.desk.bulk import pages as bulk
from yiwang.web.desk.case import maps, moves, reports
from yiwang.web.desk.case import pages as case
from yiwang.web.desk.case import undoing as undoing
from yiwang.web.desk.entry import pages as entry
from yiwang.web.desk.photos import pages as photos
from yiwang.web.desk.queues import pages as queues
from yiwang.web.desk.search import pages as search
from yiwang.web.desk.unit import pages as unit

desk = [
    path("", queues.queue, name="queue"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("new/", entry.new, name="new"),
    path("new/<uuid:report_id>/", entry.slip, name="slip"),
    path("kinds/", entry.kinds, name="kinds"),
    path("map/", maps.divisions, name="map"),
    path("map/<int:area_id>/", maps.divisions, name="map-of"),
]
cases = [
    path("<int:case_id>/", case.by_id, name="by-id"),
    path("<int:case_id>/moves/<slug:move>/", moves.move, name="move"),
    path("<int:case_id>/undo/", undoing.undo, name="undo"),
    path("<int:case_id>/answers/", reports.answer_all, name="answer-all"),
    path("reports/<uuid:report_id>/answer/", reports.answer_one, name="answer"),
    path("reports/<uuid:report_id>/call/", reports.call_back, name="call-back"),
    path("reports/<uuid:report_id>/split/", reports.split, name="split"),
    path("reports/<uuid:report_id>/reporter/", reports.reveal, name="reporter"),
    path("photos/<int:photo_id>/publish/", reports.publish, name="publish"),
    path("<str:number>/", case.case, name="case"),
]

photo_paths = [
    path("<int:photo_id>/", photos.item, name="item"),
    path("<int:photo_id>/<slug:size>", photos.photo, name="photo"),
]

urlpatterns = [
    path("desk/", include((desk, "desk"))),
    path("cases/", include((cases, "cases"))),
    path("search/", include(([path("", search.find, name="find")], "search"))),
    path("unit/", include(([path("", unit.work, name="work")], "unit"))),
    path(
        "desk/photos/",
        include((photo_paths, "photos")),
    ),
]

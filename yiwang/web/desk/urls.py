"""Addresses of the desk, the case, the unit's work and photos."""

from django.urls import include, path

from yiwang.web.desk.bulk import pages as bulk
from yiwang.web.desk.callback import pages as callback
from yiwang.web.desk.case import maps, moves, reports, subject
from yiwang.web.desk.case import pages as case
from yiwang.web.desk.case import undoing as undoing
from yiwang.web.desk.drafts import pages as drafts
from yiwang.web.desk.entry import hints, slips
from yiwang.web.desk.entry import pages as entry
from yiwang.web.desk.exports import pages as exports
from yiwang.web.desk.filters import pages as filters
from yiwang.web.desk.photos import pages as photos
from yiwang.web.desk.queues import pages as queues
from yiwang.web.desk.search import pages as search
from yiwang.web.desk.unit import pages as unit

desk = [
    path("", queues.queue, name="queue"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("new/", entry.new, name="new"),
    path("new/<uuid:report_id>/", slips.slip, name="slip"),
    path("places/", hints.places, name="places"),
    path("alike/", hints.alike, name="alike"),
    path("drafts/<uuid:draft_id>/", drafts.park, name="park"),
    path("drafts/<uuid:draft_id>/drop/", drafts.remove, name="unpark"),
    path("own/", filters.own, name="own"),
    path("own/<int:filter_id>/", filters.change, name="filter"),
    path("kinds/", entry.kinds, name="kinds"),
    path("map/", maps.divisions, name="map"),
    path("map/<int:area_id>/", maps.divisions, name="map-of"),
]
calls = [
    path("", callback.calls, name="home"),
    path("next/", callback.serve, name="next"),
    path("pause/", callback.pause, name="pause"),
    path("<uuid:report_id>/", callback.heard, name="heard"),
    path("<uuid:report_id>/number/", callback.number, name="number"),
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
    path("reports/<uuid:report_id>/number/", reports.call_reporter, name="number"),
    path("<int:case_id>/subject/", subject.name, name="subject"),
    path("photos/<int:photo_id>/publish/", reports.publish, name="publish"),
    path("<str:number>/", case.case, name="case"),
]

export_paths = [
    path("", exports.own, name="own"),
    path("<uuid:export_id>/", exports.progress, name="progress"),
    path("<uuid:export_id>/file/", exports.take, name="take"),
    path("<uuid:export_id>/again/", exports.again, name="again"),
    path("<uuid:export_id>/drop/", exports.drop, name="drop"),
    path("<slug:source>/", exports.ask, name="ask"),
]
photo_paths = [
    path("<int:photo_id>/", photos.item, name="item"),
    path("<int:photo_id>/<slug:size>", photos.photo, name="photo"),
]

urlpatterns = [
    path("desk/calls/", include((calls, "calls"))),
    path("desk/", include((desk, "desk"))),
    path("cases/", include((cases, "cases"))),
    path("search/", include(([path("", search.find, name="find")], "search"))),
    path("unit/", include(([path("", unit.work, name="work")], "unit"))),
    path("exports/", include((export_paths, "exports"))),
    path(
        "desk/photos/",
        include((photo_paths, "photos")),
    ),
]

"""Addresses of the administrator's door, all under office/."""

from django.urls import path

from yiwang.web.office import home
from yiwang.web.office.calendar import pages as calendar
from yiwang.web.office.catalogue import excel, limits
from yiwang.web.office.catalogue import pages as catalogue
from yiwang.web.office.notices import endpoints, outlets, sendings, table, words
from yiwang.web.office.routing import pages as routing
from yiwang.web.office.staff import accounts, board, contact, postings, rescue, units
from yiwang.web.office.staff import importing as importing_people
from yiwang.web.office.territory import division, importing, overview, splitting

app_name = "office"
urlpatterns = [
    path("", home.home, name="home"),
    path("territory/", overview.overview, name="territory"),
    path("territory/new/", division.new, name="division-new"),
    path("territory/import/", importing.import_shapes, name="territory-import"),
    path("territory/points/", overview.add_point, name="point-add"),
    path("territory/points/<int:point_id>/remove/", overview.remove_point, name="point-remove"),
    path("territory/<int:division_id>/", division.division, name="division"),
    path("territory/<int:division_id>/close/", division.close, name="division-close"),
    path("territory/<int:division_id>/serve/", division.serve, name="division-serve"),
    path("territory/<int:division_id>/split/", splitting.split, name="split"),
    path("units/", units.units, name="units"),
    path("units/new/", units.new, name="unit-new"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/posts/", units.add_post, name="post-add"),
    path("people/", accounts.people, name="people"),
    path("people/new/", accounts.new, name="person-new"),
    path("people/import/", importing_people.import_people, name="people-import"),
    path("people/import/file/", importing_people.download, name="people-template"),
    path("people/<int:user_id>/contact/", contact.contact, name="person-contact"),
    path("people/<int:user_id>/rescue/", rescue.rescue, name="person-rescue"),
    path("people/<int:user_id>/", accounts.person, name="person"),
    path("people/<int:user_id>/account/", accounts.switch, name="person-switch"),
    path("people/<int:user_id>/password/", accounts.password, name="person-password"),
    path("people/<int:user_id>/appoint/", postings.appoint, name="appoint"),
    path("postings/<int:posting_id>/", postings.posting, name="posting"),
    path("board/", board.board, name="board"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/new/", catalogue.new_category, name="category-new"),
    path("catalogue/excel/", excel.excel, name="catalogue-excel"),
    path("catalogue/excel/file/", excel.download, name="catalogue-download"),
    path("catalogue/<int:category_id>/", catalogue.catalogue, name="catalogue-at"),
    path("catalogue/<int:category_id>/move/", catalogue.move, name="category-move"),
    path("catalogue/<int:category_id>/conditions/", catalogue.new_condition, name="condition-new"),
    path("routing/", routing.routing, name="routing"),
    path("limits/", limits.limits, name="limits"),
    path("notices/", sendings.sendings, name="notices"),
    path("notices/again/", sendings.again, name="notices-again"),
    path("notices/rules/", table.rules, name="notice-rules"),
    path("notices/words/", words.words, name="notice-words"),
    path(
        "notices/words/<slug:event>/<slug:channel>/<slug:language>/",
        words.word,
        name="notice-word",
    ),
    path("notices/channels/", outlets.outlets, name="notice-channels"),
    path("notices/channels/quiet/", outlets.quiet, name="notice-quiet"),
    path("notices/channels/trial/", outlets.trial, name="notice-trial"),
    path("notices/channels/book/", outlets.book, name="notice-book"),
    path("notices/endpoints/new/", endpoints.new, name="endpoint-new"),
    path("notices/endpoints/<int:endpoint_id>/", endpoints.endpoint, name="endpoint"),
    path("notices/endpoints/<int:endpoint_id>/renew/", endpoints.renew, name="endpoint-renew"),
    path("notices/endpoints/<int:endpoint_id>/trial/", endpoints.trial, name="endpoint-trial"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/hours/", calendar.hours, name="calendar-hours"),
    path("calendar/publish/", calendar.publish, name="calendar-publish"),
    path("calendar/<str:day>/", calendar.day, name="calendar-day"),
]

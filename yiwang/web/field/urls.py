from django.urls import path

from yiwang.web.field import kinds, photos
from yiwang.web.field.pages import checks, home, mine, report

app_name = "field"
urlpatterns = [
    path("", home.home, name="home"),
    path("land.json", home.land, name="land"),
    path("matters.json", home.matters, name="matters"),
    path("report/", report.report, name="report"),
    path("solve/", report.solve, name="solve"),
    path("sent/<uuid:report_id>/", report.sent, name="sent"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("photos/", photos.upload, name="upload"),
    path("checks/", checks.waiting, name="checks"),
    path("checks/<int:case_id>/<slug:move>/", checks.verdict, name="verdict"),
    path("checks/<str:number>/", checks.check, name="check"),
    path("mine/", mine.mine, name="mine"),
]

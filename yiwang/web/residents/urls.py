from django.urls import path

from yiwang.web.residents.pages import follow, hints, privacy, report, sharing

app_name = "residents"
urlpatterns = [
    path("report", report.report, name="report"),
    path("report/photos", report.upload, name="upload"),
    path("report/hints", hints.hints, name="hints"),
    path("privacy", privacy.privacy, name="privacy"),
    path("f", follow.find, name="find"),
    path("f/<str:code>", follow.follow, name="follow"),
    path("f/<str:code>/sent", follow.sent, name="sent"),
    path("f/<str:code>/rate", follow.rate, name="rate"),
    path("f/<str:code>/solved", follow.solved, name="solved"),
    path("f/<str:code>/ask", follow.ask, name="ask"),
    path("photos/<int:photo>", sharing.photo, {"size": "full"}, name="photo"),
    path("photos/<int:photo>/thumb", sharing.photo, {"size": "thumb"}, name="thumb"),
    path("town/land.json", sharing.land, name="land"),
]

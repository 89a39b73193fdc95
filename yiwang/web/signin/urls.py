from django.urls import path

from yiwang.web.signin import forgotten, guide, leave, me, pages, preferences, refused

app_name = "signin"
urlpatterns = [
    path("", pages.home, name="home"),
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("forgotten", forgotten.forgotten, name="forgotten"),
    path("reset/<str:uid>/<str:token>", forgotten.reset, name="reset"),
    path("me/", me.me, name="me"),
    path("me/password", me.password, name="password"),
    path("me/sessions/end", me.end_everywhere, name="sessions-end"),
    path("me/sessions/<int:session_id>/end", me.end_session, name="session-end"),
    path("me/leave", leave.mine, name="leave"),
    path("leave/", leave.board, name="leave-board"),
    path("leave/<int:leave_id>", leave.of, name="leave-of"),
    path("leave/<int:leave_id>/decide", leave.decide, name="leave-decide"),
    path("language", pages.choose_language, name="language"),
    path("notices", pages.told, name="notices"),
    path("notices/preferences", preferences.preferences, name="notice-preferences"),
    path("help/", guide.start, name="guide"),
    path("help/<slug:name>/", guide.chapter, name="guide-chapter"),
    path("help/pictures/<slug:language>/<slug:name>.png", guide.picture, name="guide-picture"),
    path("inspect/refused/", refused.refused, name="refused"),
    path("look", pages.choose_look, name="look"),
]

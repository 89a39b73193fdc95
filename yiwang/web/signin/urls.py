from django.urls import path

from yiwang.web.signin import pages, preferences

app_name = "signin"
urlpatterns = [
    path("", pages.home, name="home"),
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("language", pages.choose_language, name="language"),
    path("notices", pages.told, name="notices"),
    path("notices/preferences", preferences.preferences, name="notice-preferences"),
    path("look", pages.choose_look, name="look"),
]

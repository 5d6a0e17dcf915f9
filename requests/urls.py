"""Addresses of the spine's pages: the public's, the desk's, the volunteer's."""

from django.urls import URLPattern, URLResolver, path

from requests.web import my

app_name = "requests"
urlpatterns: list[URLPattern | URLResolver] = [
    path("dnes/", my.today, name="my_today"),
    path("pokani/", my.my_offers, name="my_offers"),
    path("pokani/<uuid:pk>/", my.offer, name="offer"),
    path("pokani/<uuid:pk>/priemam/", my.accept, name="accept"),
    path("pokani/<uuid:pk>/ne-moga/", my.decline, name="decline"),
    path("sedmitsa/", my.my_week, name="my_week"),
    path("poseshtenie/<uuid:pk>/", my.visit, name="visit"),
    path("poseshtenie/<uuid:pk>/na-myasto/", my.check_in, name="check_in"),
    path("poseshtenie/<uuid:pk>/krai/", my.check_out, name="check_out"),
    path("poseshtenie/<uuid:pk>/ne-moga/", my.give_back, name="give_back"),
    path("poseshtenie/<uuid:pk>/drug-chas/", my.another_time, name="another_time"),
    path("poseshtenie/<uuid:pk>/pomosht/", my.need_help, name="need_help"),
]

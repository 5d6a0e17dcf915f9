"""Addresses of the spine's pages: the public's, the desk's, the volunteer's."""

from django.urls import URLPattern, URLResolver, path

from requests.web import ask, card, desk, home, my, track

app_name = "requests"
urlpatterns: list[URLPattern | URLResolver] = [
    # The public: asking, following, the card
    path("", home.home, name="home"),
    path("obshtina/", home.choose, name="choose_town"),
    path("pomosht/", ask.ask, name="ask"),
    path("pomosht/proverka/", ask.check, name="ask_check"),
    path("pomosht/gotovo/", ask.done, name="ask_done"),
    path("pomosht/<slug:step>/", ask.question, name="ask_question"),
    path("zayavka/", track.track, name="track"),
    path("zayavka/moyata/", track.tracking, name="tracking"),
    path("zayavka/moyata/da/", track.confirm, name="tracking_confirm"),
    path("zayavka/moyata/drug-den/", track.another_time, name="tracking_another_time"),
    path("zayavka/moyata/popravka/", track.correct, name="tracking_correct"),
    path("zayavka/moyata/krai/", track.withdraw, name="tracking_withdraw"),
    path("zayavka/moyata/izhod/", track.leave, name="tracking_leave"),
    path("zayavka/moyata/kartonche/", card.card, name="card"),
    path("zayavki/<uuid:pk>/kartonche/", card.card_for_staff, name="card_for_staff"),
    # The volunteer
    path("gishe/", desk.desk, name="desk"),
    path("gishe/tarsene/", desk.search, name="desk_search"),
    path("gishe/<uuid:pk>/", desk.taken, name="taken"),
    path("dnes/", my.today, name="my_today"),
    path("pokani/", my.my_offers, name="my_offers"),
    path("pokani/<uuid:pk>/", my.offer, name="offer"),
    path("pokani/<uuid:pk>/priemam/", my.accept, name="accept"),
    path("pokani/<uuid:pk>/ne-moga/", my.decline, name="decline"),
    path("saobshteniya/", my.inbox, name="inbox"),
    path("sedmitsa/", my.my_week, name="my_week"),
    path("poseshtenie/<uuid:pk>/", my.visit, name="visit"),
    path("poseshtenie/<uuid:pk>/na-myasto/", my.check_in, name="check_in"),
    path("poseshtenie/<uuid:pk>/krai/", my.check_out, name="check_out"),
    path("poseshtenie/<uuid:pk>/ne-moga/", my.give_back, name="give_back"),
    path("poseshtenie/<uuid:pk>/drug-chas/", my.another_time, name="another_time"),
    path("poseshtenie/<uuid:pk>/pomosht/", my.need_help, name="need_help"),
]

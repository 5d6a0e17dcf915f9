"""Addresses under /dobrovoltsi/."""

from django.urls import path

from volunteers.web import desk, me, public, wishes

app_name = "volunteers"

urlpatterns = [
    path("", desk.people, name="list"),
    path("stanete/", public.apply, name="apply"),
    path("stanete/prieto/", public.applied, name="applied"),
    path("az/", me.me, name="me"),
    path("az/saobshteniya/", wishes.mine, name="my_wishes"),
    path("<uuid:pk>/saobshteniya/", wishes.of_volunteer, name="wishes"),
    path("<uuid:pk>/", desk.detail, name="detail"),
    path("<uuid:pk>/chasove/", desk.hours, name="hours"),
    path("<uuid:pk>/vhod/", desk.contact, name="contact"),
    path("<uuid:pk>/kray/", desk.leave, name="leave"),
]

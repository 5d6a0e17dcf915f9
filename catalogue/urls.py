from django.urls import path

from catalogue import web

app_name = "catalogue"
urlpatterns = [
    path("", web.services, name="services"),
    path("<slug:code>/", web.service, name="service"),
]

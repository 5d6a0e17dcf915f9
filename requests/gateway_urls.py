"""The doors of telephone gateways and of browsers that confirm, outside the language prefix."""

from django.urls import path

from requests.web import gateways, push, telephone

urlpatterns = [
    path("push/smyana/", push.changed, name="push-changed"),
    path("push/<uuid:message>/", push.shown, name="push-shown"),
    path("kannel/dlr/<uuid:message>/", gateways.kannel_report, name="kannel-report"),
    path("kannel/in/<str:secret>/", gateways.kannel_reply, name="kannel-reply"),
    path("telefon/<str:secret>/", telephone.event, name="telephone-event"),
    path("sms/otchet/<uuid:message>/", gateways.gateway_report, name="gateway-report"),
    path("sms/in/<str:secret>/", gateways.gateway_reply, name="gateway-reply"),
]

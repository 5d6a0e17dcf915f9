"""The API's addresses under /api/v1/. Each room registers its own view sets here."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.policy import public
from catalogue.api import ServiceViewSet
from places.api import HelpPointViewSet, SettlementViewSet
from reports.api import AssignmentReportView
from requests.api.help_requests import HelpRequestViewSet
from requests.api.offers import OfferViewSet
from requests.api.speed import SpeedView
from requests.api.visits import VisitViewSet
from requests.api.webhooks import WebhookViewSet
from volunteers.api import VolunteerViewSet

OPEN: dict[str, Any] = {"permission_classes": [], "authentication_classes": []}
router = SimpleRouter()
router.register("settlements", SettlementViewSet, basename="settlement")
router.register("help-points", HelpPointViewSet, basename="help-point")
router.register("services", ServiceViewSet, basename="service")
router.register("requests", HelpRequestViewSet, basename="help-request")
router.register("offers", OfferViewSet, basename="offer")
router.register("visits", VisitViewSet, basename="visit")
router.register("volunteers", VolunteerViewSet, basename="volunteer")
router.register("webhooks", WebhookViewSet, basename="webhook")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", public(SpectacularAPIView.as_view(**OPEN)), name="schema"),
    path("docs/", public(SpectacularSwaggerSplitView.as_view(**OPEN)), name="api-docs"),
    path("reports/assignments/", AssignmentReportView.as_view(), name="report-assignments"),
    path("messages/speed/", SpeedView.as_view(), name="message-speed"),
    *router.urls,
]

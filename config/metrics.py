"""`/metrics` for Prometheus: how the house is, in numbers. For this machine, or with METRICS_TOKEN."""

from __future__ import annotations

from collections.abc import Iterator
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric

from accounts.policy import public
from core.metrics import OfAllProcesses
from core.models import CspCount
from notifications.models import DeskTask, MessageHour, QueueLength, WebhookDelivery
from notifications.states import DeliveryState
from planning.models import PlanRound
from requests.models import HelpRequest, JournalAnchor

BECAME = ("handed", "in_time", "delivered", "failed", "unknown", "expired")


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """A stranger finds nothing here."""
    if not (_shows_token(request) or _stands_here(request)):
        raise Http404
    registry = CollectorRegistry()
    registry.register(OfAllProcesses())  # type: ignore[arg-type]
    registry.register(Rows())  # type: ignore[arg-type]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _shows_token(request: HttpRequest) -> bool:
    told = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and compare_digest(told, f"Bearer {settings.METRICS_TOKEN}".encode())


def _stands_here(request: HttpRequest) -> bool:
    """From this machine, and not through a proxy on it."""
    passed_on = any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"))
    try:
        return not passed_on and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class Rows:
    """Numbers that the rows know: a handful of grouped counts behind indexes, none over the message table."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        waiting = GaugeMetricFamily(
            "dv_messages_waiting", "Messages that wait, as the last sweep saw", labels=["channel"]
        )
        oldest = GaugeMetricFamily(
            "dv_messages_oldest_seconds", "How long the first of them is due", labels=["channel"]
        )
        rows = QueueLength.objects.values("channel").annotate(n=Sum("waiting"), due=Min("oldest_due_at"))
        for row in rows:
            waiting.add_metric([row["channel"]], row["n"])
            oldest.add_metric([row["channel"]], max(0.0, (now - row["due"]).total_seconds()) if row["due"] else 0)
        yield from (waiting, oldest, _messages(), _tasks())
        requests = GaugeMetricFamily("dv_requests", "Help requests that are under way, by state", labels=["state"])
        for state, n in _by_state(HelpRequest.objects.live()):
            requests.add_metric([state], n)
        rounds = CounterMetricFamily("dv_rounds", "Planning rounds kept, by state", labels=["state"])
        for state, n in _by_state(PlanRound.objects.all()):
            rounds.add_metric([state], n)
        deliveries = WebhookDelivery.objects.filter(state=DeliveryState.QUEUED).count()
        yield from (requests, rounds, GaugeMetricFamily("dv_webhooks_waiting", "Events that wait", deliveries))
        yield from (_anchor(), _csp())


def _by_state(rows) -> list[tuple[str, int]]:  # type: ignore[no-untyped-def]
    return list(rows.order_by().values_list("state").annotate(n=Count("pk")))


def _messages() -> Metric:
    became = CounterMetricFamily("dv_messages", "What became of messages", labels=["channel", "became"])
    for channel, *sums in MessageHour.objects.order_by().values_list("channel").annotate(*map(Sum, BECAME)):
        for name, n in zip(BECAME, sums, strict=True):
            became.add_metric([channel, name], n)
    return became


def _tasks() -> Metric:
    tasks = GaugeMetricFamily("dv_desk_tasks_open", "What waits for a person at a desk", labels=["kind"])
    for kind, n in DeskTask.objects.open().order_by().values_list("kind").annotate(n=Count("pk")):
        tasks.add_metric([kind], n)
    return tasks


def _anchor() -> Metric:
    last = JournalAnchor.objects.order_by("-pk").first()
    when = last.made_at.timestamp() if last else 0
    return GaugeMetricFamily("dv_journal_anchor_seconds", "When the journal was last anchored", when)


def _csp() -> Metric:
    reports = CounterMetricFamily("dv_csp_reports", "What browsers were kept from loading", labels=["directive"])
    for row in CspCount.objects.order_by().values("directive").annotate(n=Sum("count")):
        reports.add_metric([row["directive"]], row["n"])
    return reports

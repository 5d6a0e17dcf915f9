"""What stands in each address, by its name, and how one is opened. An address that is not here fails the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.proofs.spine.addresses import patterns
from tests.proofs.trust.town import NOW, Rows

DAY = f"{NOW:%Y-%m-%d}"
# Name → the rows that stand in it, in order; what is not a row's name stands there as it is written.
TAKES: dict[str, tuple[str, ...]] = {
    "settlement-detail": ("ekatte",), "help-point-detail": ("help_point",), "service-detail": ("ASP_HEAT",),
    **dict.fromkeys([f"help-request-{what}" for what in ("detail", "cancel", "reopen", "withdraw")], ("request",)),
    "help-request-verify": ("web",),
    **dict.fromkeys([f"offer-{what}" for what in ("detail", "accept", "decline")], ("offer",)),
    **dict.fromkeys([f"visit-{what}" for what in ("detail", "check-in", "check-out", "give-back", "set-out")],
                    ("visit",)),
    "volunteer-detail": ("volunteer",),
    **dict.fromkeys([f"webhook-{what}" for what in ("detail", "deliveries", "exchange-secret", "test")],
                    ("subscription",)),
    "webhook-resend": ("subscription", "delivery"),
    "accounts:help-point": ("help_point",), "accounts:help-point-close": ("help_point",),
    "accounts:holiday-remove": ("holiday",), "accounts:coverage-note": ("ekatte",),
    "accounts:withdraw": ("invitation",), "accounts:token-revoke": ("token",),
    **dict.fromkeys(["accounts:member", "accounts:remove", "accounts:narrow", "accounts:reset-factor"], ("colleague",)),
    "requests:ask_question": ("kakvo",), "requests:word": ("visit_scheduled", "bg"),
    **dict.fromkeys([f"requests:{what}" for what in (
        "card_for_staff", "paper_card", "paper_outcome", "detail", "detail_correct", "detail_person", "detail_wishes",
        "detail_consent", "detail_relative", "detail_time", "detail_stop", "detail_reopen", "detail_search",
        "detail_move", "detail_confirm", "detail_missed", "detail_told", "detail_rules", "taken",
    )], ("request",)),
    "requests:paper_letter": ("letter",), "requests:paper_run": ("ekatte", DAY),
    "requests:detail_answer": ("asked", "offer"), "requests:detail_drop_rule": ("request", "rule"),
    **dict.fromkeys([f"requests:calls_{what}" for what in ("true", "not_reached", "untrue")], ("web",)),
    "requests:callback_act": ("callback",), "requests:webhook_resend": ("subscription", "delivery"),
    **dict.fromkeys([f"requests:webhook{what}" for what in (
        "", "_change", "_test", "_pause", "_resume", "_exchange", "_resend_failed", "_remove",
    )], ("subscription",)),
    **dict.fromkeys(["requests:offer", "requests:accept", "requests:decline"], ("offer",)),
    "requests:operators_act": ("message",), "requests:store_open": ("evidence",),
    "requests:incident": ("task",),
    **dict.fromkeys([f"requests:volunteer_{what}" for what in ("rights", "export", "erase")], ("volunteer",)),
    **dict.fromkeys([f"requests:{what}" for what in ("rights", "agreements", "export", "erase")], ("resident",)),
    **dict.fromkeys([f"requests:{what}" for what in (
        "visit", "visit_calendar", "set_out", "check_in", "check_out", "give_back", "another_time", "need_help",
    )], ("visit",)),
    # Says on a page of its own that the link is used up.
    "account_reset_password_from_key": ("0", "nyama-set"),
    "catalogue:service": ("ASP_HEAT",), "handbook:module": ("at-the-door",),
    **dict.fromkeys([f"volunteers:{what}" for what in ("wishes", "detail", "hours", "leave")], ("volunteer",)),
    "volunteers:contact": ("volunteer",),
    # Somebody who has a visit already: the choice is not thought out anew for every one who asks.
    "planning:task": ("task",), "planning:candidates": ("request",), "planning:choose": ("request",),
}  # fmt: skip
# Opened by a secret that stands in the address: whoever has not got it is told that there is no such thing.
BY_SECRET: dict[str, tuple[str, ...]] = {
    "calendar-feed": ("nyama",), "push-shown": ("message",), "kannel-report": ("message",),
    "kannel-reply": ("nyama",), "telephone-event": ("nyama",), "gateway-report": ("message",),
    "gateway-reply": ("nyama",), "accounts:invitation": ("nyama",), "demo-sign-in": ("nyama",),
    "demo-resident": ("987654",),
    # In what is sent: a browser's old subscription.
    "push-changed": (),
}  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """One address and method: what guards it, and the rows that stand in it."""

    name: str
    method: str
    action: str
    takes: tuple[str, ...]
    is_api: bool
    path: str

    def url(self, rows: Rows) -> str:
        args = [str(rows.get(part, part)) for part in self.takes]
        return reverse(self.name, args=args) if self.name else self.path


def everything(urlconf: Any = None) -> list[Opened]:
    """From the resolver; an operation of the API for each of its methods, a page for GET and POST."""
    found: list[Opened] = []
    for path, names, one in patterns(get_resolver(urlconf), "/", ()):
        found += _opened(":".join(names), path, one)
    return found


def undecided(urlconf: Any = None) -> list[str]:
    """Addresses in which something stands that nobody has said."""
    known = {*TAKES, *BY_SECRET}
    return [
        ":".join(names)
        for path, names, one in patterns(get_resolver(urlconf), "/", ())
        if one.pattern.regex.groups and ":".join(names) not in known
    ]


def _opened(name: str, path: str, pattern: URLPattern | URLResolver) -> list[Opened]:
    view: Any = pattern.callback
    takes = TAKES.get(name, BY_SECRET.get(name, ()))
    if not path.startswith("/api/"):
        policy = str(getattr(view, "policy", ""))
        post = getattr(view, "policy_of_post", policy)
        return [
            Opened(name, method, action, takes, False, path) for method, action in (("get", policy), ("post", post))
        ]
    owner, actions = getattr(view, "cls", None), getattr(view, "actions", None)
    if own := getattr(view, "policy", None):
        return [Opened(name, "get", own, takes, True, path)]
    if actions is None:
        actions = {method: method for method in ("get", "post", "put", "patch", "delete") if hasattr(owner, method)}
    policies, policy = getattr(owner, "policies", {}), getattr(owner, "policy", "")
    return [
        Opened(name, method, policies.get(action, policy), takes, True, path)
        for method, action in actions.items()
        if method != "head"
    ]

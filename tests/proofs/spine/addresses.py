"""Every address of the project as the resolver knows it, with the policy that guards it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.policy import POLICY, allows

API = "/api/v1/"


@dataclass(frozen=True)
class Address:
    """`path` as in `/pokani/`; `takes` is true where something stands in it for a row."""

    path: str
    name: str
    policy: str
    takes: bool

    def open_to(self, role: str | None) -> bool:
        """Whether the table lets this role in (None: somebody who has not signed in)."""
        if self.policy.startswith("own_request."):
            return True  # whoever has a code; without one it asks for it
        if self.policy in POLICY:
            return allows(role, self.policy)
        return self.policy == "public" or role is not None


def all_addresses(urlconf: Any = None) -> list[Address]:
    """The Bulgarian ones; each has its twin under /en/."""
    return [_address(path, names, one) for path, names, one in patterns(get_resolver(urlconf), "/", ())]


def pages(urlconf: Any = None) -> list[Address]:
    """Without parameters and outside the API: what can be opened as it stands."""
    return [one for one in all_addresses(urlconf) if not one.takes and not one.path.startswith(API)]


def patterns(
    resolver: URLResolver, before: str, spaces: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...], URLPattern]]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, path, (*spaces, one.namespace) if one.namespace else spaces)
        else:
            yield path, (*spaces, one.name or ""), one


def _address(path: str, names: tuple[str, ...], pattern: URLPattern) -> Address:
    policy = getattr(pattern.callback, "policy", "")
    return Address(path, ":".join(names), str(policy), bool(pattern.pattern.regex.groups) or "<" in path)

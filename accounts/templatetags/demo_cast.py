"""`{% demo_cast as cast %}`: the demonstration's people with their sign-in links; empty anywhere else."""

from __future__ import annotations

from django import template

from accounts.demo import links
from accounts.roles import Role

register = template.Library()


@register.simple_tag
def demo_cast() -> list[dict[str, str]]:
    """Name, role in words, address; only those who have an account."""
    return [
        {"name": link["name"], "url_path": link["url_path"], "role_label": str(Role(link["role"]).label)}
        for link in links()
        if link["role"] in Role.values
    ]

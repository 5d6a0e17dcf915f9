"""`manage.py draw_policy [--check]`: docs/policy.md, drawn from the table in the code."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.policy import POLICY
from accounts.roles import Role, WithoutAccount

HEAD = """# Who may do what

Drawn by `./run manage draw_policy` from `accounts/policy.py`; a test compares, and
`tests/proofs/trust/test_role_table.py` calls every address and every operation of the API as every role, in two
municipalities, and compares the answers.

A page without the role answers 403. A row outside the reach answers 404, exactly like one that does not exist.
Somebody who has not signed in is asked to. A resident and a relative have no account: the request's code and their own
telephone open that one request until the browser closes. Pages that need neither say so in the code (`public`), and
those for anybody with an account too (`signed_in`: the profile, one's own second factors and devices, the choice
between one's roles). “Asks again”: password or second factor were given within the last ten minutes, or are asked for
first; a program's token was made by somebody who was asked.

The **safeguarding lead** reads requests and volunteers, keeps people apart and sees who called for help; they plan
nothing and change no request. The **auditor** reads the journal, which holds ids and codes, and no row with personal
data. Only the administrator names these two. What a role may do holds in one municipality; somebody with several roles
chooses which one they are here.
"""


def drawn() -> str:
    """The whole page as Markdown: the roles, then a table for each object."""
    columns: list[Any] = [*WithoutAccount, *Role]
    with override("bg"):
        lines = ["\n## Roles\n", "| role | in Bulgarian | has an account |", "|---|---|---|"]
        for role in columns:
            lines.append(f"| {role.value} | {role.label} | {'yes' if role in Role else 'no'} |")
    objects = dict.fromkeys(action.partition(".")[0] for action in POLICY)
    heads = ("object", "action", "what it is", "whose rows", "asks again", *columns)
    lines += ["\n## Actions\n", f"| {' | '.join(heads)} |"]
    lines += ["|" + "---|" * (5 + len(columns))]
    for thing in objects:
        for action, rule in POLICY.items():
            if action.partition(".")[0] == thing:
                may = " | ".join("●" if role in rule.roles else "" for role in columns)
                again = "yes" if rule.asks_again else ""
                told = (thing, action.partition(".")[2], rule.words, rule.reach.value, again, may)
                lines.append(f"| {' | '.join(told)} |")
    return HEAD + "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Draws docs/policy.md from the policy table; --check fails where it differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "policy.md"
        if not options["check"]:
            page.write_text(drawn(), encoding="utf-8")
            self.stdout.write(f"{page.name} written")
        elif not page.exists() or page.read_text(encoding="utf-8") != drawn():
            raise CommandError("docs/policy.md is not what the code says. Run ./run manage draw_policy.")

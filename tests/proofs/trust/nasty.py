"""Words that break programs, made from a seed so that a failure can be repeated."""

from __future__ import annotations

import random

MARK = "xss-7f3a"
SUM, PRODUCT = "7*191", "1337"
SEED = 5
# What each stands for: the languages, the signs, then what each interpreter might take for its own.
KNOWN = [
    "", " ", "\t\n\r", "Мария Петрова-Щерева", "Ѝѝ Ъъ Ьь", "עברית \u200f العربية \u202eabc", "\u202e\u2066\u2069",
    "👵🏽\u200d🦯🇧🇬", "e\u0301" * 50, "Z\u0351\u036b\u0343\u036a\u0302", "\ufeff\ufffe", "\x00", "a\x00b", "\x1b[31m",
    "\x7f\x08", "\ufdfa" * 100, "\uff1cscript\uff1e", "\u2028\u2029", "٣", "②",
    "0", "-1", "1e309", "NaN", "9" * 400, "-9223372036854775809", "null", "undefined", "true", "[]", "{}", "0x10",
    "2026-02-30", "9999-12-31", "0001-01-01", "0000-00-00", "2026-10-25T03:30", "25:61", "24:00",
    "00000000-0000-0000-0000-000000000000", "32531' --",
    f"<script>{MARK}()</script>", f'"><img src=x onerror={MARK}()>', f"'><svg/onload={MARK}()>", f"javascript:{MARK}()",
    f"</textarea><script>{MARK}()</script>", f"<a href=javascript:{MARK}()>x</a>", f"</title><b {MARK}>", "<!--", "]]>",
    "&lt;b&gt;", "%3Cscript%3E", f"` onmouseover={MARK}",
    "' OR '1'='1", "'; DROP TABLE requests_helprequest; --", "1; SELECT pg_sleep(5)", "\\'; --", "%' ESCAPE '!",
    "a' UNION SELECT 1--", "%", "_", "\\",
    f"{{{{ {SUM} }}}}", "{% debug %}", f"${{{SUM}}}", f"#{{{SUM}}}", f"<%= {SUM} %>", "{{ settings.SECRET_KEY }}",
    "{person.__class__.__mro__}", "{0.__class__}", "%(asctime)s %s %n", "{", "}", "{}", "{name!r:>999999999}",
    "a\r\nSet-Cookie: nasty=1", "a\nBcc: all@example.org", "%0d%0aX-Nasty: 1", "\u560d\u560aX-Nasty: 1",
    "a@example.org,all@example.org", "=?utf-8?q?nasty?=",
    "../../../../etc/passwd", "C:\\con\\con", "file:///etc/passwd", "//evil.example/", "https://evil.example/",
    "| id", "$(id)", "`id`", "=1+1", "@SUM(A1)", "+359888123456 ", "-2+3", "=cmd|' /C calc'!A0",
]  # fmt: skip
# A megabyte, and what still fits into what is read at all.
LARGE = ["я" * 500_000, "я" * 120_000, "1 " * 100_000, "<" * 60_000, "BG80 " * 40_000, "\n" * 100_000]
PARTS = [
    "Мария", "'", '"', "<", ">", "&", "\x00", "\r\n", "{{", "}}", "{%", "%}", "👵", "\u202e", "\\", "%00", ";--",
    "0888", "=", "${", "🇧🇬", "/*", "\u0301", ",", "@", "[", "]", "null", "0", "-",
]  # fmt: skip
HOW_MANY = 200


def inputs() -> list[str]:
    """Two hundred: the large ones, the known ones, then mixtures."""
    dice = random.Random(SEED)
    mixed = ("".join(dice.choices(PARTS, k=dice.randint(2, 12))) for _number in range(HOW_MANY))
    return [*LARGE, *KNOWN, *mixed][:HOW_MANY]


def some(how_many: int, turn: int) -> list[str]:
    """As many of the two hundred, other ones for each form: together the forms see them all."""
    found = inputs()
    step = max(1, len(found) // how_many)
    return [found[(turn * 7 + number * step) % len(found)] for number in range(how_many)]

"""The forms of a page as a browser sees them: where each leads, what it holds, what one may type."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.proofs.trust.nasty import MARK

NOT_TYPED = {"hidden", "submit", "button", "checkbox", "radio", "image", "reset"}
SHOWN_AGAIN = {"text", "textarea", "email", "tel", "search", "url"}
# Attributes with an address in them.
LEADS = ("href", "src", "action", "formaction")
CSRF = "csrfmiddlewaretoken"


@dataclass
class Form:
    """`fields`: name → what stands in it. `kinds`: name → the kind of its control."""

    method: str
    action: str
    encoding: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind not in NOT_TYPED and kind != "select"]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.kinds) - {CSRF}


class Forms(HTMLParser):
    """`found`: every form of the page; a button that leads elsewhere makes one more."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._elsewhere: list[str] = []
        self._text: str | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = told.get("method", "get").lower()
            self._open = Form(method, told.get("action", ""), told.get("enctype", ""))
            self._elsewhere = []
        elif self._open is not None and tag in {"input", "textarea", "select", "button"}:
            self._control(self._open, tag, told)
        elif self._open is not None and tag == "option" and "selected" in told and self._text:
            self._open.fields[self._text] = told.get("value", "")

    def _control(self, form: Form, tag: str, told: dict[str, str]) -> None:
        if where := told.get("formaction"):
            self._elsewhere.append(where)
        if not (name := told.get("name")):
            return
        kind = told.get("type", "text" if tag == "input" else "submit") if tag in {"input", "button"} else tag
        form.kinds.setdefault(name, kind)
        if kind not in {"checkbox", "radio"} or "checked" in told:
            form.fields.setdefault(name, told.get("value", ""))
        self._text = name if tag in {"textarea", "select"} else None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text and self._open.kinds.get(self._text) == "textarea":
            self._open.fields[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._text = None
        if tag == "form" and self._open is not None:
            self.found.append(self._open)
            for where in self._elsewhere:
                twin = self._open
                self.found.append(Form(twin.method, where, twin.encoding, dict(twin.fields), dict(twin.kinds)))
            self._open = None


class Alive(HTMLParser):
    """`found`: what a browser would run in a page, or take for a tag although somebody typed it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: (value or "").strip().lower() for name, value in attrs}
        if any(MARK in name for name in (tag, *told)):
            self.found.append("became a tag")
        if (tag == "script" and not told.get("src")) or any(name.startswith("on") for name in told):
            self.found.append("became a script")
        if any(told.get(name, "").startswith(("javascript:", "data:")) for name in LEADS):
            self.found.append("became a link that runs")

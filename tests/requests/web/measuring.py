"""What a page measures in a real browser: letters, lines, controls, and what travels over the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Everything a person sees: the sizes of letters, the signs on each line, the boxes of the controls.
MEASURE = """() => {
  const seen = element => {
    if (!element.checkVisibility() || element.closest('.vh, .skip, option')) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };
  const block = element => {
    while (getComputedStyle(element).display.startsWith('inline')) element = element.parentElement;
    return element;
  };
  const small = [], lines = new Map(), controls = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (!node.data.trim() || !seen(parent)) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    small.push([size, node.data.trim().slice(0, 40)]);
    const home = block(parent), range = document.createRange();
    if (!lines.has(home)) lines.set(home, new Map());
    for (let at = 0; at < node.data.length; at++) {
      range.setStart(node, at); range.setEnd(node, at + 1);
      const box = range.getClientRects()[0];
      if (!box || !box.width) continue;
      const key = Math.round((box.top + box.bottom) / 16);
      lines.get(home).set(key, (lines.get(home).get(key) || '') + node.data[at]);
    }
  }
  for (const control of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')) {
    const row = control.closest('label.choice') || control;
    if (!seen(row)) continue;
    const box = row.getBoundingClientRect();
    controls.push([box.width, box.height, (control.innerText || control.name || '').trim().slice(0, 40)]);
  }
  return {
    smallest: small.reduce((least, one) => one[0] < least[0] ? one : least, [99, '']),
    body: parseFloat(getComputedStyle(document.body).fontSize),
    longest: [...lines.values()].flatMap(rows => [...rows.values()]).reduce((a, b) => b.length > a.length ? b : a, ''),
    controls,
    sideways: document.documentElement.scrollWidth - window.innerWidth,
  };
}"""


def faults(page: Page) -> list[str]:
    """What breaks the promises to a resident on this page as it stands."""
    page.wait_for_selector("body")
    found: dict[str, Any] = page.evaluate(MEASURE)
    where = page.url.partition("//")[2].partition("/")[2] or "/"
    complaints = []
    if found["body"] != 20:
        complaints.append(f"body text is {found['body']} px")
    if found["smallest"][0] < 18:
        complaints.append(f"{found['smallest'][0]} px: {found['smallest'][1]!r}")
    if len(found["longest"].strip()) > 65:
        complaints.append(f"a line of {len(found['longest'])} signs: {found['longest']!r}")
    if found["sideways"] > 0:
        complaints.append(f"scrolls {found['sideways']} px sideways")
    complaints += [
        f"control of {width:.0f} × {height:.0f}: {name!r}"
        for width, height, name in found["controls"]
        if width < 47.9 or height < 47.9
    ]
    if not found["controls"]:
        complaints.append("no control was found: the measure itself is broken")
    return [f"{where}: {one}" for one in complaints]


def axe_faults(page: Page) -> list[str]:
    results = Axe().run(page, options=WCAG).response
    assert results["passes"] or results["violations"] is not None
    return [f"{page.url}: {one['id']}: {node['html'][:120]}" for one in results["violations"] for node in one["nodes"]]


@dataclass
class Wire:
    """Counts requests and encoded bytes (headers included) between two looks."""

    session: CDPSession
    requests: list[str] = field(default_factory=list)
    size: float = 0.0

    @classmethod
    def of(cls, page: Page) -> Wire:
        wire = cls(page.context.new_cdp_session(page))
        wire.session.on("Network.requestWillBeSent", wire._sent)
        wire.session.on("Network.loadingFinished", wire._finished)
        wire.session.send("Network.enable")
        return wire

    def _sent(self, event: dict[str, Any]) -> None:
        # A redirect's answer ends without an event of its own.
        if answer := event.get("redirectResponse"):
            self.size += answer["encodedDataLength"]
        if event["request"]["url"].startswith("http"):
            self.requests.append(event["request"]["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        self.size += event["encodedDataLength"]

    def forget_cache(self) -> None:
        self.session.send("Network.clearBrowserCache")

    def look(self) -> tuple[int, float]:
        """Requests and bytes since the last look."""
        seen = len(self.requests), self.size
        self.requests, self.size = [], 0.0
        return seen

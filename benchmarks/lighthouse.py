"""Lighthouse on the resident's pages of a running server: the front page, a question, the tracking page.

    python benchmarks/lighthouse.py --lighthouse node_modules/.bin/lighthouse --address http://127.0.0.1:8000

Installs nothing. It needs Chromium (CHROME_PATH, or `chromium` on the PATH) and a Lighthouse that was installed
elsewhere (`npm install lighthouse`). The question and the tracking page need a conversation: it asks for help
through the pages themselves, so point it at a demonstration (`./run`), never at a real installation.
Prints the best of a few runs, one line a page (a busy machine only ever makes a page slower), and ends with 1
when a score is under 100.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
FLAGS = "--headless=new --no-sandbox --disable-gpu"
ANSWERS: list[tuple[str, dict[str, str]]] = [
    ("kakvo", {"service": "unknown"}),
    ("kak", {"mode": "HOME_VISIT"}),
    ("kade", {}),
    ("koga", {"days": "any"}),
    ("koy", {"asked_by": "self", "first_name": "Проба", "last_name": "Измерена", "phone": "0888 000 111"}),
    ("duma", {"safe_word": "фенер"}),
]


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    if found is None:
        raise SystemExit(f"the page has no field {name}: is this the right server?")
    return found[1]


def post(client: httpx.Client, path: str, answers: dict[str, str]) -> str:
    """Fill in one form as the page shows it; the last page after all redirects."""
    page = client.get(path).text
    if path.endswith("/kade/"):
        answers = {"settlement": re.findall(r'<option value="(\d{5})"', page)[0]}
    if path.endswith("/proverka/"):
        answers = {"token": value(page, "token")}
    token = {"csrfmiddlewaretoken": value(page, "csrfmiddlewaretoken")}
    answer = client.post(path, data={**token, **answers}, headers={"Referer": str(client.base_url)})
    answer.raise_for_status()
    return answer.text


def cookies(client: httpx.Client) -> str:
    return "; ".join(f"{name}={held}" for name, held in client.cookies.items())


def _client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, follow_redirects=True, timeout=30, trust_env=False)


def begun(address: str) -> str:
    """The cookies of somebody who stands at the first question."""
    with _client(address) as client:
        client.get("/pomosht/").raise_for_status()
        return cookies(client)


def asked(address: str) -> str:
    """The cookies of somebody who has just asked for help and may see their request."""
    with _client(address) as client:
        client.get("/pomosht/").raise_for_status()
        for step, answers in ANSWERS:
            post(client, f"/pomosht/{step}/", answers)
        post(client, "/pomosht/proverka/", {})
        if client.get("/zayavka/moyata/").url.path != "/zayavka/moyata/":
            raise SystemExit("the request was not taken")
        return cookies(client)


def measure(lighthouse: str, url: str, cookie: str, mobile: bool) -> dict[str, int]:
    """Scores 0 to 100 by category."""
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chrome:
        raise SystemExit("Chromium is not on the PATH; set CHROME_PATH.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *(lighthouse, url, "--quiet", "--output=json", f"--output-path={report}"),
            *(f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}"),
            *([] if mobile else ["--preset=desktop"]),
            *([f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []),
        ]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chrome})
        found = json.loads(report.read_text(encoding="utf-8"))
    for category in CATEGORIES:
        for reference in found["categories"][category]["auditRefs"]:
            audit = found["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"  {category}: {audit['title']} {audit.get('displayValue', '')}", file=sys.stderr)
    return {name: round(100 * found["categories"][name]["score"]) for name in CATEGORIES}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--lighthouse", required=True, help="the lighthouse command")
    words.add_argument("--address", default="http://127.0.0.1:8000")
    words.add_argument("--runs", type=int, default=5, help="at most so often each page; the best counts")
    words.add_argument("--desktop", action="store_true", help="the desktop preset instead of the slow phone")
    options = words.parse_args()
    address = options.address.rstrip("/")
    pages = [("front page", "/", ""), ("question", "/pomosht/kakvo/", begun(address))]
    pages.append(("tracking", "/zayavka/moyata/", asked(address)))
    worst = 100
    for name, path, cookie in pages:
        scores = dict.fromkeys(CATEGORIES, 0)
        for _run in range(options.runs):
            found = measure(options.lighthouse, address + path, cookie, not options.desktop)
            scores = {category: max(scores[category], found[category]) for category in CATEGORIES}
            if min(scores.values()) == 100:
                break
        print(f"{name:12}" + "  ".join(f"{category} {score}" for category, score in scores.items()), flush=True)
        worst = min(worst, *scores.values())
    return 0 if worst == 100 else 1


if __name__ == "__main__":
    sys.exit(main())

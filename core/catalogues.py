"""The message catalogues without system gettext: what the code says, merged into `locale/en`.

The code speaks Bulgarian; `locale/en` holds the English. `locale/bg` is written by hand and only rewords what
Django itself says. Updating is safe at any moment: one lock, one atomic write.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib

from core.texts import Key, Message, extract

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sd]|\{(\w*)\}")
_CYRILLIC = re.compile(r"[а-яА-Я]")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One writer at a time, also across processes. The lock is the folder, so nothing is left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(catalogue: polib.POFile, path: Path) -> None:
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".django.po.")
    os.close(handle)
    catalogue.save(name)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def read(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "digital-volunteers",
        "Language": path.parent.parent.name,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def _entries(catalogue: polib.POFile) -> dict[Key, polib.POEntry]:
    return {(e.msgctxt or "", e.msgid): e for e in catalogue if not e.obsolete}


def update(root: Path, path: Path) -> tuple[int, int]:
    """Bring the catalogue to what the code says, keeping translations. Returns (added, dropped)."""
    messages = extract(root)
    with _locked(path):
        catalogue = read(path)
        old = _entries(catalogue)
        fresh = polib.POFile(wrapwidth=110)
        fresh.metadata = catalogue.metadata
        for key, message in messages.items():
            fresh.append(_merged(message, old.get(key)))
        _write(fresh, path)
    return len(messages.keys() - old.keys()), len(old.keys() - messages.keys())


def _merged(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    entry.occurrences = [(name, "") for name in sorted(message.files)]
    if "%(" in message.text or "%(" in message.plural:
        entry.flags = ["python-format"]
    if message.plural:
        entry.msgid_plural = message.plural
        kept = old.msgstr_plural if old else {}
        entry.msgstr_plural = {form: kept.get(form, "") for form in (0, 1)}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry


def _plain(msgid: str) -> str:
    """Typed by hand, a space that does not break looks like any other."""
    return msgid.replace("\u00a0", " ")


def fill(path: Path, texts: dict[str, str | list[str]]) -> list[str]:
    """Put translations in: msgid (or `context|msgid`) → text, or [one, other]. Returns ids nobody uses."""
    unknown = []
    with _locked(path):
        catalogue = read(path)
        # The same words may also stand in a context; without one named, those without a context are meant.
        by_context = sorted(_entries(catalogue).items(), key=lambda item: not item[0][0])
        entries = {_plain(k[1]): e for k, e in by_context}
        entries |= {_plain(f"{k[0]}|{k[1]}"): e for k, e in _entries(catalogue).items() if k[0]}
        for msgid, text in texts.items():
            entry = entries.get(_plain(msgid))
            if entry is None:
                unknown.append(msgid)
            elif entry.msgid_plural:
                one, other = text if isinstance(text, list) else (text, text)
                entry.msgstr_plural = {0: one, 1: other}
            else:
                entry.msgstr = text if isinstance(text, str) else text[0]
        _write(catalogue, path)
    return unknown


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(text.replace("%%", ""))}


def faults(root: Path, path: Path) -> list[str]:
    """What keeps the English from being complete and right, one sentence a fault."""
    entries = _entries(read(path))
    found = []
    for key, message in sorted(extract(root).items()):
        entry = entries.get(key)
        place = min(message.files)
        if entry is None:
            found.append(f"{place}: “{message.text}” is not in the catalogue")
        else:
            found += [f"{place}: “{message.text}” {fault}" for fault in dict.fromkeys(_entry_faults(entry))]
    return found


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    pairs = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        one, other = entry.msgstr_plural.get(0, ""), entry.msgstr_plural.get(1, "")
        pairs = [(entry.msgid, one), (entry.msgid_plural, other)]
    for source, target in pairs:
        if not target or entry.fuzzy:
            yield "has no English"
        elif source == target and _CYRILLIC.search(source):
            yield "is the same in English"
        elif placeholders(source) != placeholders(target) and not (entry.msgid_plural and source == entry.msgid):
            yield f"has other placeholders in English: “{target}”"


def compile_all(locale: Path, *, only_missing: bool = False) -> list[Path]:
    """Write each .mo that is older than its .po (or absent). Returns the files written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and (only_missing or target.stat().st_mtime >= source.stat().st_mtime):
            continue
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".django.mo.")
        os.close(handle)
        polib.pofile(str(source)).save_as_mofile(name)
        Path(name).chmod(0o644)
        Path(name).replace(target)
        written.append(target)
    return written

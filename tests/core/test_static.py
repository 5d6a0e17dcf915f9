"""The stored styles and scripts: ours are compressed, the documentation page's megabytes are only copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from core.static import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(location=str(tmp_path), base_url="/static/")


def test_our_own_files_are_compressed_and_the_documentations_are_not(storage: Storage, tmp_path: Path) -> None:
    names = ("core/app.css", "drf_spectacular_sidecar/bundle.js")
    for name in names:
        storage.save(name, ContentFile(b"body { color: black } " * 200))
    list(storage.post_process({name: (storage, name) for name in names}))
    ours = {path.name for path in (tmp_path / "core").iterdir()}
    theirs = {path.name for path in (tmp_path / "drf_spectacular_sidecar").iterdir()}
    assert {"app.css.gz", "app.css.br"} <= ours
    assert not any(name.endswith((".gz", ".br")) for name in theirs)
    assert len(theirs) == 2, "the file itself and the one with its hash"

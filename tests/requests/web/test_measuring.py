"""The measures notice what they are there for: a page that breaks every promise is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.requests.web.measuring import axe_faults, faults

BAD = """<!doctype html><html><title></title><body style="font-size:20px;margin:0">
<p style="width:1200px">{line}</p><p style="font-size:12px">ситно</p>
<button style="width:30px;height:30px">x</button><img src="data:,"></body></html>"""


@pytest.mark.browser
@pytest.mark.django_db
def test_small_letters_long_lines_small_buttons_and_unnamed_pictures_are_found(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(360, 740)
    page.set_content(BAD.format(line="дума " * 20))
    said = "\n".join(faults(page))
    assert "12 px: 'ситно'" in said
    assert "a line of" in said
    assert "sideways" in said
    assert "control of 30 × 30" in said
    assert any("image-alt" in one for one in axe_faults(page))

"""Charts and maps: what is drawn, where the names stand, and that nothing breaks on odd figures."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import charts, labels, maps
from tests.core import gallery


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def kinds(svg: str, css: str) -> list[ElementTree.Element]:
    return [node for node in tree(svg).iter() if css in (node.get("class") or "").split()]


def test_bars_are_as_tall_as_their_values_and_the_promised_are_hollow():
    svg = charts.bars([charts.Bar("пн", 2), charts.Bar("вт", 4, outlined=True)], label="x", width=300)
    solid, hollow = kinds(svg, "fillg")[0], kinds(svg, "fillo")[0]
    assert float(hollow.get("height")) == pytest.approx(2 * float(solid.get("height")), abs=0.2)
    assert [node.text for node in kinds(svg, "lab")] == ["2", "4"]
    assert tree(svg).get("aria-label") == "x"


def test_no_drawing_carries_a_style_or_an_unescaped_name():
    svg = charts.bars([charts.Bar("<b>", 1)], label='"&')
    assert "style=" not in svg
    assert tree(svg).get("aria-label") == '"&'
    assert "&lt;b&gt;" in svg


def test_labels_that_do_not_fit_are_thinned_out_and_the_last_stays():
    many = [charts.Bar(f"седмица {n}", n) for n in range(1, 31)]
    words = [node.text for node in kinds(charts.bars(many, label="x"), "mid") if "седмица" in (node.text or "")]
    assert len(words) < 10
    assert words[-1] == "седмица 30"


def test_an_empty_or_zero_chart_is_still_a_chart():
    tree(charts.bars([], label="x"))
    assert not kinds(charts.bars([charts.Bar("пн", 0)], label="x"), "fillg")
    tree(charts.lines([], [], label="x"))
    tree(charts.lines(["1"], [charts.Line("а", [None])], label="x"))
    tree(charts.progress(0, 0, 0, label="x"))
    tree(charts.mini(0, 0, most=0))


def test_a_gap_breaks_the_line_and_the_second_is_dotted():
    svg = charts.lines(
        ["1", "2", "3", "4", "5"],
        [charts.Line("едно", [1, 2, None, 3, 4]), charts.Line("две", [4, 4, 4, 4, 4])],
        label="x",
    )
    assert len(kinds(svg, "ln")) == 3
    assert len(kinds(svg, "two")) == 1


def test_names_at_the_end_of_near_lines_do_not_touch():
    svg = charts.lines(["1", "2"], [charts.Line("едно", [3, 3.0]), charts.Line("две", [3, 3.1])], label="x", height=210)
    ys = [float(n.get("y")) for n in tree(svg).iter() if n.text in {"едно", "две"}]
    assert abs(ys[0] - ys[1]) >= charts.LINE


@pytest.mark.parametrize(("most", "top"), [(0.3, 1), (1, 1), (3, 4), (9.9, 10), (11, 20), (61, 80), (1180, 2000)])
def test_the_scale_ends_at_a_figure_whose_half_is_easy(most, top):
    assert charts.top_of(most) == top


def test_a_line_starts_at_zero():
    with override("bg"):
        svg = charts.lines(["1", "2"], [charts.Line("дни", [5.1, 3.2])], label="x")
    assert [node.text for node in kinds(svg, "end")] == ["0", "3", "6"]


def road(*stops: str, **options: object) -> str:
    return maps.route_map(gallery.places(), stops, start="Радомир", label="Карта", **options)


def test_the_start_and_every_stop_of_a_usual_round_are_named():
    for one, two in combinations([name for name, _, _ in gallery.VILLAGES[1:]], 2):
        svg = road(one, two)
        shown = ", ".join(node.text or "" for node in kinds(svg, "to"))
        assert {"Радомир", one, two} <= set(shown.split(", ")), (one, two)


def test_stops_are_numbered_in_their_order_and_the_round_leads_home():
    svg = road("Друган", "Извор")
    assert [node.text for node in kinds(svg, "in-stop")] == ["1", "2"]
    assert kinds(svg, "route")[0].get("d").count("Q") == 3
    assert kinds(road("Друган", "Извор", back=False), "route")[0].get("d").count("Q") == 2


def test_to_one_stop_there_is_one_road():
    assert kinds(road("Извор"), "route")[0].get("d").count("Q") == 1


def test_near_stops_share_one_diamond():
    points = {"а": (100.0, 100.0), "б": (120.0, 110.0), "в": (200.0, 100.0)}
    stops = maps.merge_stops(["а", "в", "б", "а"], {"а": "А", "б": "Б", "в": "В"}, points)
    assert [(stop.text, stop.names) for stop in stops] == [("1, 3, 4", ("А", "Б")), ("2", ("В",))]


def test_a_visit_in_the_town_itself_is_drawn():
    svg = road("Радомир")
    assert [node.text for node in kinds(svg, "to")] == ["Радомир"]


def test_a_stop_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        road("Атлантида")


def boxes(svg: str) -> list[labels.Box]:
    found = []
    for node in tree(svg).iter():
        css = (node.get("class") or "").split()
        if not node.tag.endswith("text") or "in-stop" in css:
            continue
        wide = len(node.text or "") * (labels.BOLD_LETTER if "to" in css else labels.LETTER)
        x, y = float(node.get("x")), float(node.get("y")) - 5
        left = x - wide if "end" in css else x - wide / 2 if "mid" in css else x
        found.append(labels.Box(left, y - 7.9, left + wide, y + 7.9))
    return found


names = st.lists(st.sampled_from([name for name, _, _ in gallery.VILLAGES]), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@example(stops=["Извор", "Извор", "Извор", "Долна Диканя", "Негованци", "Негованци"], width=328)
@given(stops=names, width=st.sampled_from([288, 328, 380, 560]))
def test_names_never_touch_nor_leave_the_paper_whatever_the_round(stops, width):
    svg = road(*stops, width=width)
    drawn = boxes(svg)
    paper_height = float(tree(svg).get("viewBox").split()[3])
    assert len(drawn) <= maps.MOST_LABELS
    assert not any(one.touches(two) for one, two in combinations(drawn, 2))
    assert all(box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= paper_height for box in drawn)


@settings(max_examples=40, deadline=None)
@given(stops=names)
def test_diamonds_do_not_cover_each_other(stops):
    centres = re.findall(r'class="in-stop" x="([\d.]+)" y="([\d.]+)"', road(*stops))
    for (x1, y1), (x2, y2) in combinations(centres, 2):
        assert (float(x1) - float(x2)) ** 2 + (float(y1) - float(y2)) ** 2 >= (maps.MERGED_BELOW - 0.2) ** 2


def test_amounts_are_areas_and_the_hidden_stay_dots():
    svg = maps.bubble_map(gallery.places(), {"Радомир": 64, "Извор": 16}, label="x")
    big, small = (float(node.get("r")) for node in kinds(svg, "bubble"))
    assert big == pytest.approx(2 * small, abs=0.1)
    assert len(kinds(svg, "vil")) == len(gallery.VILLAGES) - 2


def test_threads_run_between_neighbours_only():
    points = {"а": (0.0, 0.0), "б": (10.0, 0.5), "в": (20.0, 0.0)}
    assert maps.neighbours(points) == [("а", "б"), ("б", "в")]

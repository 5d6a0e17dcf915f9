"""Orienteering files are read as their literature means them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.toptw import Score, Vertex, as_problem, best_known, distance, play, read, summary

# Depot in the middle; three customers in a row, and one whom nobody reaches in time.
FILE = """4 10 4 1
0 200
  0 0.00 0.00 0.00 0.00 0 0 0 100
  1 3.00 4.00 10.00 20.00 1 1 1 0 20
  2 6.00 8.00 10.00 30.00 1 1 1 15 15
  3 6.00 9.00 10.00 7.00 1 2 1 2 40 90
  4 60.00 80.00 10.00 99.00 1 1 1 0 90
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiny.txt").write_text(FILE, encoding="utf-8")
    (tmp_path / "best_known.csv").write_text("instance,m1,m2\ntiny,57,57\n", encoding="utf-8")
    return tmp_path


def test_the_first_five_and_the_last_two_numbers_of_a_line_count(folder: Path) -> None:
    vertices = read(folder / "tiny.txt")
    assert vertices[0] == Vertex(0, 0, 0, 0, 0, 100)
    assert vertices[3] == Vertex(6, 9, 10, 7, 40, 90)
    assert len(vertices) == 5


def test_a_depot_that_tells_only_when_it_closes_opens_at_zero(folder: Path) -> None:
    text = FILE.replace("0 0.00 0.00 0.00 0.00 0 0 0 100", "0 0.00 0.00 0.00 0.00 0 7 100")
    (folder / "short.txt").write_text(text, encoding="utf-8")
    assert read(folder / "short.txt")[0] == Vertex(0, 0, 0, 0, 0, 100)


def test_distances_are_cut_to_a_tenth() -> None:
    origin = Vertex(0, 0, 0, 0, 0, 0)
    assert distance(origin, Vertex(3, 4, 0, 0, 0, 0)) == 50
    assert distance(origin, Vertex(1, 1, 0, 0, 0, 0)) == 14  # 1.414…
    assert distance(origin, Vertex(9, 9, 0, 0, 0, 0)) == 127  # 12.727…
    assert distance(origin, Vertex(5, 12, 0, 0, 0, 0)) == 130


def test_service_begins_within_the_window_and_the_way_back_ends_with_the_depot(folder: Path) -> None:
    problem = as_problem(read(folder / "tiny.txt"), 2)
    assert [v.shifts[0].end for v in problem.volunteers] == [1000, 1000]
    assert problem.requests[1].windows == ((150, 250),)
    assert problem.requests[1].prize == 30


def test_a_tiny_instance_is_solved_to_its_best(folder: Path) -> None:
    score = play(folder / "tiny.txt", 1, 2, seed=1, known=best_known(folder, 1))
    # Customer 2 can only begin at 15: after 1 (5 to 15, then a way of 5) it is late, before 1 that has closed.
    assert score.total == 37
    assert score.gap == pytest.approx(100 * 20 / 57)
    assert play(folder / "tiny.txt", 2, 2, seed=1, known=best_known(folder, 2)).total == 57


def test_a_file_that_is_something_else_is_refused(folder: Path) -> None:
    (folder / "broken.txt").write_text("4 10 9 1\n0 200\n 0 0 0 0 0 0 0 0 9\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="promises 9 customers and holds 0"):
        read(folder / "broken.txt")
    (folder / "broken.txt").write_text("x\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="not in the format"):
        read(folder / "broken.txt")


def test_the_table_ends_with_the_mean() -> None:
    text = summary([Score("a", 90, 100, 100, 1.0, "feasible"), Score("b", 50, None, None, 3.0, "time_limit")])
    assert text.splitlines()[2:] == [
        "| a | 90 | 100 | 10.00 | 100 | feasible | 1.0 |",
        "| b | 50 | – | – | – | time_limit | 3.0 |",
        "| mean |  |  | 10.00 |  |  | 2.0 |",
    ]


def test_without_best_known_totals_there_is_no_gap(tmp_path: Path) -> None:
    assert best_known(tmp_path, 1) == {}

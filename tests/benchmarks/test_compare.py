"""The comparison: who takes part, how it is judged, what the tables say."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import compare, growth
from benchmarks.compare import Outcome
from benchmarks.growth import Case, Growth
from matching.generate import generate


def _outcome(seed: int, solver: str, total: int) -> Outcome:
    return Outcome(seed, solver, total, 1000, (1000 - total) / 1000, total // 100, 10, "feasible", 2.0, 2.5, 2.6)


def test_the_table_tells_mean_worst_and_who_was_better() -> None:
    outcomes = [
        *(_outcome(1, "ours", 1000), _outcome(1, "greedy", 900), _outcome(1, "vroom", 1000)),
        *(_outcome(2, "ours", 990), _outcome(2, "greedy", 700), _outcome(2, "vroom", 995)),
    ]
    assert compare.summary(outcomes).splitlines()[2:] == [
        "| ours | 0.50 % | 1.00 % | 95.0 % | 90.0 % | 2.0 | – |",
        "| ranked insertion | 20.00 % | 30.00 % | 80.0 % | 70.0 % | 2.0 | 2 of 2 |",
        "| VROOM | 0.25 % | 0.50 % | 95.0 % | 90.0 % | 2.0 | 0 of 2, 1 equal |",
    ]


def test_ours_always_takes_part_because_the_bound_is_ours() -> None:
    assert compare.chosen("greedy") == ["ours", "greedy"]
    with pytest.raises(SystemExit, match="nobody is none of"):
        compare.chosen("greedy,nobody")


@pytest.mark.skipif(find_spec("vroom") is not None, reason="the library is here")
def test_who_is_not_installed_is_left_out_and_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.chosen("vroom,first_come") == ["ours", "first_come"]
    assert "VROOM is left out: vroom is not installed" in capsys.readouterr().err


def test_solvers_play_in_children_of_their_own_and_ours_wins(tmp_path: Path) -> None:
    outcomes = compare.play(generate(25, 8, 7, seed=2), 2, ["ours", "greedy", "first_come"], 3, tmp_path)
    mine = outcomes[0]
    assert [o.solver for o in outcomes] == ["ours", "greedy", "first_come"]
    assert mine.total == max(o.total for o in outcomes)
    assert all(o.total <= o.bound == mine.bound and o.process_cpu > 0 for o in outcomes)


def test_a_solver_that_fails_ends_the_comparison_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"compare: nobody failed on seed 1\n(.|\n)*nobody is none of"):
        compare.play(generate(3, 2, 7, seed=1), 1, ["nobody"], 1, tmp_path)


def test_rows_are_written_for_every_instance(tmp_path: Path) -> None:
    compare.write_rows(tmp_path / "rows.csv", compare.HEAD, [_outcome(1, "ours", 900).row()])
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines() == [
        "seed,solver,total,bound,gap,served,requests,status,search_cpu,process_cpu,wall",
        "1,ours,900,1000,0.1,9,10,feasible,2.0,2.5,2.6",
    ]


def test_growth_runs_the_command_line_and_measures_it() -> None:
    grown = growth.grow(Case(20, 6, 7, 2), seed=1, seconds=2, radomir=False)
    assert grown.case == "20x6"
    assert 0 < grown.served <= 20
    assert grown.bound is not None and grown.bound >= grown.total
    assert grown.cpu > 0.1 and grown.peak_mib > 20


def test_the_table_of_growth_tells_how_many_were_proved() -> None:
    group = [
        Growth("50x15", 1, 1.5, 1.6, 100, 99, 99, 0.0, "optimal", 40, 50),
        Growth("50x15", 2, 1.5, 1.6, 120, 98, 100, 0.02, "time_limit", 50, 50),
    ]
    assert growth.summary(group, start=0.7).splitlines()[2:] == [
        "| 50 × 15 | 2 | 1.5 / 1.5 | 1.6 / 1.6 | 120 | 1.00 % | 2.00 % | 1 of 2 | 0 / 1 | 90.0 % |",
    ]

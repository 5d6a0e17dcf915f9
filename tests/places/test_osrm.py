"""Against a small server of our own that speaks OSRM's `/table`, and against its ways of failing."""

import json
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from places import osrm, travel

RADOMIR, IZVOR, DREN = (42.544, 22.962), (42.435, 22.896), (42.409, 23.162)


class Roads(BaseHTTPRequestHandler):
    """Every way takes 1000 s, plus one for each source before this one; `mood` spoils the answer."""

    mood = "well"
    asked: list = []

    def do_GET(self):
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        type(self).asked.append((parts.path, query))
        if self.mood == "moved":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere{self.path}")
            self.end_headers()
            return
        if self.mood == "slow":
            time.sleep(1.5)
        rows, columns = (len(query[name][0].split(";")) for name in ("sources", "destinations"))
        table = [[1000.0 + i for _ in range(columns)] for i in range(rows)]
        if self.mood == "no road":
            table[0][1] = None
        answers = {
            "rejects": {"code": "InvalidQuery"},
            "short": {"code": "Ok", "durations": table[:1]},
            "absurd": {"code": "Ok", "durations": [["soon"] * columns] * rows},
            "backwards": {"code": "Ok", "durations": [[-5.0] * columns] * rows},
            "huge": {"code": "Ok", "durations": table, "padding": "x" * 3_000_000},
        }
        body = (
            b"<html>"
            if self.mood == "html"
            else json.dumps(answers.get(self.mood, {"code": "Ok", "durations": table})).encode()
        )
        try:
            self.send_response(500 if self.mood == "ill" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the caller has hung up, as it should

    def log_message(self, *args):
        pass


@pytest.fixture
def roads(settings):
    Roads.mood, Roads.asked = "well", []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Roads)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.OSRM_URL = f"http://127.0.0.1:{server.server_port}"
    settings.OSRM_TIMEOUT_SECONDS = 1.0
    osrm.forget()
    yield Roads
    osrm.forget()
    server.shutdown()
    server.server_close()


def test_without_a_server_our_own_table_answers(settings):
    settings.OSRM_URL = ""
    assert osrm.matrix([RADOMIR, IZVOR], "car") == travel.matrix([RADOMIR, IZVOR], "car")


def test_seconds_become_minutes_with_the_time_to_set_off_and_park(roads):
    # 1000 s are 16.7 minutes, and 3 to set off and park.
    assert osrm.matrix([RADOMIR, IZVOR], "car") == [[0, 20], [20, 0]]
    [(path, query)] = roads.asked
    assert path == ("/table/v1/driving/22.962000,42.544000;22.896000,42.435000;22.962000,42.544000;22.896000,42.435000")
    assert query == {"annotations": ["duration"], "sources": ["0;1"], "destinations": ["2;3"]}


def test_two_addresses_in_one_village_stay_five_minutes_apart(roads):
    assert osrm.matrix([IZVOR, IZVOR, DREN], "car")[0][:2] == [0, 5]


def test_buses_are_never_asked_for(roads):
    assert osrm.matrix([RADOMIR, IZVOR], "bus") == travel.matrix([RADOMIR, IZVOR], "bus")
    assert roads.asked == []


def test_the_same_question_is_asked_once(roads):
    assert osrm.matrix([RADOMIR, DREN], "foot") == osrm.matrix([RADOMIR, DREN], "foot")
    assert len(roads.asked) == 1


def test_many_points_are_asked_in_blocks_a_stock_server_takes(roads):
    points = [(42.0 + i / 1000, 23.0) for i in range(120)]
    table = osrm.matrix(points, "foot")
    assert len(roads.asked) == 9
    assert all(len(path.split(";")) <= 100 for path, _query in roads.asked)
    assert {table[i][j] for i in range(120) for j in range(120) if i != j} == {17, 18}


def test_a_pair_without_a_road_comes_from_our_own_table(roads):
    roads.mood = "no road"
    own = travel.matrix([RADOMIR, IZVOR], "car")
    assert osrm.matrix([RADOMIR, IZVOR], "car") == [[0, own[0][1]], [20, 0]]


@pytest.mark.parametrize("mood", ["moved", "slow", "ill", "html", "rejects", "short", "absurd", "backwards", "huge"])
def test_a_server_that_fails_is_left_in_peace_and_told_of_once(roads, mood, caplog):
    roads.mood = mood
    with caplog.at_level(logging.WARNING, logger="places.osrm"):
        for point in (IZVOR, DREN):
            assert osrm.matrix([RADOMIR, point], "car") == travel.matrix([RADOMIR, point], "car")
    assert len(caplog.records) == 1
    assert len(roads.asked) == 1


def test_a_server_that_is_not_there_costs_no_answer(settings, roads):
    settings.OSRM_URL = "http://127.0.0.1:1"
    assert osrm.matrix([RADOMIR, IZVOR], "car") == travel.matrix([RADOMIR, IZVOR], "car")


def test_after_its_rest_the_server_is_asked_again(roads, monkeypatch):
    roads.mood = "ill"
    osrm.matrix([RADOMIR, IZVOR], "car")
    roads.mood = "well"
    later = time.monotonic() + osrm.REST_SECONDS + 1
    monkeypatch.setattr("places.osrm.time.monotonic", lambda: later)
    assert osrm.matrix([RADOMIR, IZVOR], "car") == [[0, 20], [20, 0]]

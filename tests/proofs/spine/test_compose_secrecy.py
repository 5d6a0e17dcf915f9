"""Inside Compose nobody is spoken to in the clear, and nobody unknown is answered.

The database and the broker are started with the very flags of docker-compose.yml and certificates by its own command;
then somebody comes without TLS, without a certificate, with one of another authority or with somebody else's role,
and the application meets servers that are not ours.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.services import compose_house
from tests.services.compose_house import House
from tests.services.fixtures import ROOT

pytestmark = [pytest.mark.postgres, pytest.mark.worker, pytest.mark.slow]
# Whoever is refused is refused at once; the library would ask three times more, with pauses.
ONCE = Retry(NoBackoff(), 0)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with compose_house.running() as ours:
        yield ours


@pytest.fixture(scope="module")
def theirs() -> Iterator[House]:
    """Another installation: the same commands, another authority."""
    with compose_house.running() as other:
        yield other


def database(house: House, service: str = "worker", **different: str) -> Any:
    """A connection as the service makes it, but for what is different."""
    tls = house.tls(service)
    told = {"host": "postgres", "hostaddr": "127.0.0.1", "port": str(house.cluster.port), "dbname": "dv"}
    told |= {"user": "dv_app", "sslmode": "verify-full", "sslrootcert": str(tls / "ca.crt")}
    told |= {"sslcert": str(tls / "client.crt"), "sslkey": str(tls / "client.key"), **different}
    return psycopg.connect(" ".join(f"{key}={value}" for key, value in told.items()))


def broker(house: House, service: str = "worker", **different: Any) -> redis.Redis:
    tls = house.tls(service)
    told: dict[str, Any] = {"host": "localhost", "port": house.redis_port, "ssl": True}
    told |= {"ssl_ca_certs": str(tls / "ca.crt"), "ssl_certfile": str(tls / "client.crt")}
    return redis.Redis(**{**told, "retry": ONCE, "ssl_keyfile": str(tls / "client.key"), **different})


def test_database_and_broker_are_well_by_tls_and_their_checks_notice_a_stranger(house: House, theirs: House) -> None:
    for name in ("postgres", "redis"):
        assert house.health(name).returncode == 0
        strange = House(theirs.folder, house.cluster, house.redis_port)
        assert strange.health(name).returncode != 0


def test_the_database_knows_the_application_by_its_certificate_over_tls_1_3(house: House) -> None:
    with database(house) as connection:
        row = connection.execute(
            "select version, client_dn, current_user from pg_stat_ssl where pid = pg_backend_pid()"
        ).fetchone()
    assert row[0] == "TLSv1.3" and row[2] == "dv_app"
    assert "CN=dv_app" in row[1] and "OU=worker" in row[1]
    assert house.cluster.sql("select count(*) from pg_authid where rolname ~ '^dv_' and rolpassword is not null") == "0"


NO_ENTRY, NO_CERTIFICATE = "no pg_hba.conf entry", "valid client certificate"
STRANGERS = {
    "without TLS": ({"sslmode": "disable"}, NO_ENTRY),
    "without a certificate": ({"sslcert": "/nowhere", "sslkey": "/nowhere"}, NO_CERTIFICATE),
    "with the owner's role": ({"user": "dv_owner"}, "certificate authentication failed"),
    "as superuser": ({"user": "postgres"}, "certificate authentication failed"),
    "into another database": ({"dbname": "postgres"}, NO_ENTRY),
    "with a password only": ({"sslcert": "/nowhere", "sslkey": "/nowhere", "password": "a"}, NO_CERTIFICATE),
    "as the schedule": ({}, "certificate authentication failed"),
    "by an older TLS": ({"ssl_max_protocol_version": "TLSv1.2"}, "protocol version"),
}


@pytest.mark.parametrize("how", sorted(STRANGERS))
def test_the_database_refuses_whoever_comes(how: str, house: House) -> None:
    different, why = STRANGERS[how]
    with pytest.raises(psycopg.OperationalError, match=why):
        database(house, "beat" if how == "as the schedule" else "worker", **different)


def test_the_database_refuses_a_certificate_of_another_authority(house: House, theirs: House) -> None:
    shown = theirs.tls("worker")
    with pytest.raises(psycopg.OperationalError, match="unknown ca"):
        database(house, sslcert=str(shown / "client.crt"), sslkey=str(shown / "client.key"))


def test_the_database_refuses_a_servers_certificate_as_a_clients(house: House) -> None:
    shown = house.tls("redis")
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        database(house, sslcert=str(shown / "server.crt"), sslkey=str(shown / "server.key"))


def test_the_broker_answers_the_application_over_tls_1_3(house: House) -> None:
    client = broker(house)
    assert client.ping()
    connection = client.connection_pool.get_connection()
    assert connection._sock.version() == "TLSv1.3"


def test_the_broker_refuses_whoever_comes_without_tls(house: House) -> None:
    with pytest.raises(redis.ConnectionError):
        redis.Redis(host="localhost", port=house.redis_port, retry=ONCE).ping()


@pytest.mark.parametrize("how", ["without a certificate", "another authority's", "a server's own"])
def test_the_broker_refuses_a_stranger(how: str, house: House, theirs: House) -> None:
    strangers = {
        "without a certificate": {"ssl_certfile": None, "ssl_keyfile": None},
        "another authority's": pair(theirs.tls("worker"), "client"),
        "a server's own": pair(house.tls("postgres"), "server"),
    }
    with pytest.raises((redis.ConnectionError, OSError)):
        broker(house, **strangers[how]).ping()


def pair(folder: Path, kind: str) -> dict[str, str]:
    return {"ssl_certfile": str(folder / f"{kind}.crt"), "ssl_keyfile": str(folder / f"{kind}.key")}


# One process asks all three: it costs a second to start, and each answer is its own.
ASK = """
import json, traceback
import config, django; django.setup()
from django.core.cache import cache
from django.db import connection
from config.celery import app
def database():
    connection.ensure_connection()
def broker():
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=5)
def counts():
    cache.set("a-count", 1, 60)
said = {}
for ask in (database, broker, counts):
    try:
        ask()
        said[ask.__name__] = "connected"
    except Exception:
        said[ask.__name__] = traceback.format_exc().lower()
print(json.dumps(said))
"""


def application(code: str, house: House, folder: Path, **addresses: str) -> subprocess.CompletedProcess[str]:
    """What the web server's own settings do with these addresses; everything else as Compose says it."""
    home = {"PATH": os.environ["PATH"], "HOME": str(folder), "VAR_DIR": str(folder)}
    env = {**house.environment("web"), **home, **addresses}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Asked:
    """What the application heard from each; of its counts the broker is asked whether they came."""

    database: str
    broker: str
    counts: str
    counted: bool


def ask(house: House, there: House, folder: Path, **addresses: str) -> Asked:
    """The application of `house`, whose counts would be found in the broker of `there`."""
    broker(there).flushdb()
    done = application(ASK, house, folder, **addresses)
    assert done.returncode == 0, done.stderr
    # To count is not worth an error: without a broker a line of the log says so.
    said = json.loads(done.stdout)
    assert said["counts"] == "connected", said["counts"]
    counts = "no redis" if "No Redis for counts" in done.stderr else "connected"
    return Asked(said["database"], said["broker"], counts, bool(broker(there).keys("*a-count")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("application")


@pytest.fixture(scope="module")
def at_home(house: House, folder: Path) -> Asked:
    return ask(house, house, folder, DATABASE_URL=house.database_url("worker"), REDIS_URL=house.redis_url("web"))


@pytest.fixture(scope="module")
def elsewhere(house: House, theirs: House, folder: Path) -> Asked:
    """The application of our house at the ports of theirs, whose servers have another authority."""
    database = house.database_url("worker").replace(f":{house.cluster.port}/", f":{theirs.cluster.port}/")
    redis_url = house.redis_url("web").replace(f":{house.redis_port}/", f":{theirs.redis_port}/")
    assert str(theirs.cluster.port) in database and str(theirs.redis_port) in redis_url
    return ask(house, theirs, folder, DATABASE_URL=database, REDIS_URL=redis_url)


@pytest.fixture(scope="module")
def misnamed(house: House, folder: Path) -> Asked:
    """Servers of ours under names that their certificates do not hold."""
    database = house.database_url("worker").replace("@postgres:", "@redis:")
    redis_url = house.redis_url("web").replace("localhost", "127.0.0.2")
    assert "@redis:" in database and "127.0.0.2" in redis_url
    return ask(house, house, folder, DATABASE_URL=database, REDIS_URL=redis_url)


def test_the_application_refuses_a_database_of_another_authority(at_home: Asked, elsewhere: Asked) -> None:
    assert at_home.database == "connected"
    assert "certificate verify failed" in elsewhere.database


def test_the_application_refuses_a_server_of_ours_in_the_databases_place(misnamed: Asked) -> None:
    assert "does not match host name" in misnamed.database


def test_the_application_refuses_a_broker_of_another_authority_or_name(
    at_home: Asked, elsewhere: Asked, misnamed: Asked
) -> None:
    assert at_home.broker == "connected"
    for strange in (elsewhere, misnamed):
        assert "certificate verify failed" in strange.broker


def test_an_authority_that_only_the_system_believes_is_not_believed_inside(
    house: House, theirs: House, folder: Path
) -> None:
    system = {"SSL_CERT_FILE": str(theirs.tls("web") / "ca.crt"), "SSL_CERT_DIR": str(folder)}
    there = house.redis_url("web").replace(f":{house.redis_port}/", f":{theirs.redis_port}/")
    there = there.replace(f"{house.tls('web')}/client", f"{theirs.tls('web')}/client")
    for named, kept in ((house, False), (theirs, True)):
        url = re.sub(r"ssl_ca_certs=[^&]+", f"ssl_ca_certs={named.tls('web')}/ca.crt", there)
        asked = ask(house, theirs, folder, REDIS_URL=url, **system)
        assert (asked.broker == "connected") is kept, asked.broker
        assert (asked.counts, asked.counted) == (("connected", True) if kept else ("no redis", False))


def test_counts_of_tries_go_to_the_broker_by_tls_and_to_no_other(at_home: Asked, elsewhere: Asked) -> None:
    assert (at_home.counts, at_home.counted) == ("connected", True)
    assert (elsewhere.counts, elsewhere.counted) == ("no redis", False)


def test_a_backup_is_taken_by_tls_with_the_owners_certificate(house: House, tmp_path: Path) -> None:
    address = house.database_url("migrate")
    ask = "import config, django; django.setup()\nfrom pathlib import Path\nfrom core import database_files\n"
    write = f"database_files.write(Path({str(tmp_path / 'dump')!r}))"
    done = application(ask + write, house, tmp_path, DATABASE_URL=address)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "dump").read_bytes().startswith(b"PGDMP")

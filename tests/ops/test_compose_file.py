"""docker-compose.yml: what can be known of it without an engine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from config.env import SECRETS
from ops import secrets
from tests.ops import compose

ROOT = compose.FILE.parent
VALUES = {"ALLOWED_HOSTS": "help.example.bg", "SITE_URL": "https://help.example.bg", "LEAKED_PASSWORDS": "common"}
ONCE = {"certificates", "migrate"}
KEYS = "secret_key lookup_key field_keys"
MESSAGES = "email_host_password sms_gateway gateway_secret push_vapid_private_key"
WHO_HOLDS = {
    "certificates": "",
    "postgres": "postgres_password",
    "redis": "",
    "migrate": f"{KEYS} evidence_keys",
    "web": f"{KEYS} evidence_keys {MESSAGES} metrics_token",
    "worker": f"{KEYS} evidence_keys {MESSAGES} kannel_password",
    "sender": f"{KEYS} {MESSAGES} kannel_password",
    "beat": "",
}
APPLICATION = ["migrate", "web", "worker", "sender", "beat"]


def test_it_names_every_process_and_keeps_what_must_be_kept() -> None:
    file = compose.load(VALUES)
    assert set(file["services"]) == {"certificates", "postgres", "redis", *APPLICATION}
    kept = {name for name in file["volumes"] if not name.startswith("tls-")}
    assert kept == {"postgres-data", "redis-data", "var"}
    for service in file["services"].values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in file["volumes"] or (ROOT / source).is_file(), volume


@pytest.mark.parametrize("name", sorted(VALUES))
def test_no_address_may_be_forgotten(name: str) -> None:
    assert compose.variables()[name], f"{name} is not required"
    with pytest.raises(compose.Missing, match=name):
        compose.load({key: value for key, value in VALUES.items() if key != name})


@pytest.mark.parametrize("name", sorted(WHO_HOLDS))
def test_each_service_holds_only_the_secrets_it_needs(name: str) -> None:
    service = compose.load(VALUES)["services"][name]
    held = WHO_HOLDS[name].split()
    assert sorted(service.get("secrets", [])) == sorted(held)
    told = {key: value for key, value in service.get("environment", {}).items() if key.endswith("_FILE")}
    assert told == {f"{key.upper()}_FILE": f"/run/secrets/{key}" for key in held}


def test_no_secret_stands_in_the_file_or_in_an_environment() -> None:
    file = compose.load(VALUES)
    assert set(file["services"]) == set(WHO_HOLDS)
    assert {name.upper() for name in file["secrets"]} == set(secrets.MADE)
    for name, where in file["secrets"].items():
        assert where == {"file": f"./secrets/{name}"}
    assert not set(compose.variables()) & {*SECRETS, "POSTGRES_PASSWORD"}
    for service in file["services"].values():
        assert not set(service.get("environment", {})) & (SECRETS - {"DATABASE_URL", "REDIS_URL"})
    for ignored in (".gitignore", ".dockerignore"):
        assert {"secrets", "/secrets/"} & set((ROOT / ignored).read_text(encoding="utf-8").split())


# The image's own folders, what belongs to ./run, to developers, or to a proxy without https.
NOT_FOR_COMPOSE = {"VAR_DIR", "STATIC_ROOT", "NUMBA_CACHE_DIR", "PORT", "PYTHON", "DEMO", "CELERY_BROKER_URL"}
NOT_FOR_COMPOSE |= {"PUSH_LOCAL_SERVICE", "SMS_TO_FILES", "HTTPS", "DEBUG"}
# Compose says it to two processes: who holds what, above.
NOT_FOR_COMPOSE |= {"PROCESS"}
IN_FILES = SECRETS - {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}


# Compose itself says these.
GIVEN = ("DATABASE_URL", "REDIS_URL", "BEHIND_PROXY")


def documented() -> list[str]:
    """The names of the table of variables in docs/operations.md."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.split("## Variables")[1].split("\n## ")[0]
    return [name for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]


@pytest.mark.parametrize("name", sorted({*documented()} - NOT_FOR_COMPOSE - IN_FILES))
def test_what_an_operator_may_set_reaches_every_process(name: str) -> None:
    said = {**VALUES, name: "said-by-the-operator"}
    services = compose.load(said)["services"]
    for process in APPLICATION:
        if name not in GIVEN:
            assert services[process]["environment"][name] == said[name], process
        elif (name, process) != ("DATABASE_URL", "beat"):
            assert services[process]["environment"][name], process


def test_every_long_running_service_is_asked_whether_it_is_well() -> None:
    for name, service in compose.load(VALUES)["services"].items():
        if name in ONCE:
            assert service["restart"] == "no"
        else:
            assert service["healthcheck"]["test"][0] == "CMD", name
            assert service["restart"] == "unless-stopped", name


def test_the_application_waits_for_the_database_the_broker_and_the_migrations() -> None:
    services = compose.load(VALUES)["services"]
    for name in ("web", "worker", "sender", "beat"):
        waits = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert waits == {
            "postgres": "service_healthy",
            "redis": "service_healthy",
            "migrate": "service_completed_successfully",
        }


def test_database_and_broker_wait_for_their_certificates() -> None:
    services = compose.load(VALUES)["services"]
    for name in ("postgres", "redis"):
        assert services[name]["depends_on"] == {"certificates": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", APPLICATION)
def test_nothing_inside_is_spoken_to_in_the_clear_or_without_a_name(name: str) -> None:
    given = compose.load(VALUES)["services"][name]["environment"]
    database, broker = urlsplit(given["DATABASE_URL"]), urlsplit(given["REDIS_URL"])
    shown = {"sslrootcert": "/tls/ca.crt", "sslcert": "/tls/client.crt", "sslkey": "/tls/client.key"}
    asked = dict(parse_qsl(database.query))
    asked.pop("pool", None)
    if name != "beat":  # the schedule has no database
        assert asked == {"sslmode": "verify-full", **shown} and database.password is None
    assert broker.scheme == "rediss"
    assert dict(parse_qsl(broker.query)) == {
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": "true",
        "ssl_ca_certs": "/tls/ca.crt",
        "ssl_certfile": "/tls/client.crt",
        "ssl_keyfile": "/tls/client.key",
    }


def test_the_database_lets_nobody_in_by_password_or_in_the_clear() -> None:
    rules = (ROOT / "ops/postgres/pg_hba.conf").read_text(encoding="utf-8")
    lines = [line.split() for line in rules.splitlines() if line and not line.startswith("#")]
    assert {(line[0], line[-1]) for line in lines} == {("local", "peer"), ("hostssl", "cert")}


def test_only_the_migrations_run_as_the_owner_of_the_tables() -> None:
    services = compose.load(VALUES)["services"]
    urls = {name: services[name]["environment"]["DATABASE_URL"] for name in APPLICATION}
    roles = {name: url and url.split("//")[1].split("@")[0] for name, url in urls.items()}
    assert roles == {"migrate": "dv_owner", "web": "dv_app", "worker": "dv_app", "sender": "dv_app", "beat": ""}


def test_only_processes_that_cannot_use_them_start_without_keys() -> None:
    services = compose.load(VALUES)["services"]
    said = {name: services[name]["environment"].get("PROCESS", "") for name in APPLICATION}
    assert said == {"migrate": "", "web": "", "worker": "", "sender": "sender", "beat": "beat"}


def test_the_application_has_no_more_rights_than_it_needs() -> None:
    services = compose.load(VALUES)["services"]
    for name in APPLICATION:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert "DEMO" not in services[name]["environment"]
    assert all(port.startswith("127.0.0.1:") for port in services["web"]["ports"])
    assert "ports" not in services["postgres"] and "ports" not in services["redis"]


def test_the_image_is_built_in_two_stages_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [index for index, line in enumerate(lines) if line.startswith("FROM ")]
    assert len(stages) == 2
    users = [line for line in lines[stages[1] :] if line.startswith("USER ")]
    assert users and users[-1] != "USER root"
    assert any("--require-hashes" in line for line in lines)
    for line in lines:
        for source in re.findall(r"^COPY (?!--from)(\S+) ", line):
            assert (ROOT / source).exists(), line


def test_the_optimiser_is_compiled_once_where_the_read_only_image_may_write() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    var, kernels = (re.findall(rf"\b{name}=(\S+)", text)[-1] for name in ("VAR_DIR", "NUMBA_CACHE_DIR"))
    assert Path(kernels).parent == Path(var)
    services = compose.load(VALUES)["services"]
    assert services["migrate"]["command"][-1].endswith("&& python -m matching compile")
    for name in APPLICATION:
        assert f"var:{var}" in services[name]["volumes"]


def test_the_image_leaves_out_what_is_not_the_application() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", ".env", "var", "tests"} <= set(ignored)


def test_compose_itself_accepts_the_file_where_it_is_installed(tmp_path: Path) -> None:
    settings = tmp_path / "settings"
    settings.write_text("".join(f"{key}={value}\n" for key, value in VALUES.items()), encoding="utf-8")
    command = ["docker", "compose", "--env-file", str(settings), "-f", str(compose.FILE), "config", "--quiet"]
    try:
        version = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no docker client")
    if version.returncode:
        pytest.skip("the docker client has no compose")
    subprocess.run(command, check=True)

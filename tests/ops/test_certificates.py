"""`python -m ops.certificates`: made once, renewed in time, each key for its own service alone."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from ops import certificates
from tests.ops import compose
from tests.ops.test_compose_file import VALUES
from tests.services.compose_house import make_certificates
from tests.services.fixtures import ROOT

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SERVERS = ["postgres", "redis", "web"]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def believes(folder: Path, certificate: Path, *purpose: str) -> bool:
    """Whether OpenSSL, as strict as it can be, takes this certificate for the purpose."""
    moment = str(int(NOW.timestamp()))
    command = ["openssl", "verify", "-x509_strict", "-attime", moment, "-CAfile", str(folder / "ca.crt"), *purpose]
    return subprocess.run([*command, str(certificate)], capture_output=True, check=False).returncode == 0


def test_a_second_start_leaves_everything_as_it_is(tmp_path: Path) -> None:
    assert make_certificates(tmp_path).returncode == 0
    before = contents(tmp_path)
    again = make_certificates(tmp_path)
    assert again.returncode == 0 and "made" not in again.stdout
    assert contents(tmp_path) == before


def test_every_service_of_the_file_has_its_own_and_no_key_is_for_two(tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    services = compose.load(VALUES)["services"]
    assert {*certificates.SERVICES, "certificates"} == set(services)
    keys = [content for name, content in contents(tmp_path).items() if name.endswith(".key")]
    assert len(keys) == len(set(keys)) == len(certificates.SERVICES) + len(SERVERS) + 1
    for name in certificates.SERVICES:
        assert f"tls-{name}:/tls:ro" in services[name]["volumes"]
        assert sum("tls-" in volume for volume in services[name]["volumes"]) == 1
        assert f"tls-{name}:/certificates/{name}" in services["certificates"]["volumes"]


def test_a_private_key_opens_to_its_account_alone(tmp_path: Path) -> None:
    assert make_certificates(tmp_path).returncode == 0
    for key in tmp_path.rglob("*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600, key
        if key.parent.name in {"web", "worker"} and os.geteuid() == 0:
            assert key.stat().st_uid == 10001
    assert stat.S_IMODE((tmp_path / "authority").stat().st_mode) == 0o700
    user = [line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if "useradd" in line]
    assert "--uid 10001" in user[0]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root's rights to take them away")
def test_it_renews_with_the_only_right_compose_leaves_it(tmp_path: Path) -> None:
    service = compose.load(VALUES)["services"]["certificates"]
    assert (service["user"], service["cap_drop"], service["cap_add"]) == ("0:0", ["ALL"], ["CHOWN"])
    assert service["network_mode"] == "none" and not service["environment"]
    certificates.make(tmp_path, {"postgres": 12345, "web": 12345}, NOW)
    only = ["setpriv", "--bounding-set=-all,+chown", "--inh-caps=-all"]
    made = make_certificates(tmp_path, *only)
    assert made.returncode == 0, made.stderr
    assert "postgres/server.crt" in made.stdout and "web/client.crt" in made.stdout


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_shows_its_own_name_and_is_no_client(name: str, tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    shown = tmp_path / name / "server.crt"
    assert believes(tmp_path / "beat", shown, "-purpose", "sslserver", "-verify_hostname", name)
    assert believes(tmp_path / "beat", shown, "-purpose", "sslserver", "-verify_ip", "127.0.0.1")
    other = SERVERS[SERVERS.index(name) - 1]
    assert not believes(tmp_path / "beat", shown, "-purpose", "sslserver", "-verify_hostname", other)
    assert not believes(tmp_path / "beat", shown, "-purpose", "sslclient")


def test_a_client_shows_its_role_and_is_no_server(tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    for name, service in certificates.SERVICES.items():
        shown = tmp_path / name / "client.crt"
        assert believes(tmp_path / "redis", shown, "-purpose", "sslclient")
        assert not believes(tmp_path / "redis", shown, "-purpose", "sslserver")
        told = x509.load_pem_x509_certificate(shown.read_bytes()).subject
        assert [name.value for name in told.get_attributes_for_oid(NameOID.COMMON_NAME)] == [service.client]


def test_the_certificates_of_another_installation_are_not_believed(tmp_path: Path) -> None:
    for house in ("ours", "theirs"):
        certificates.make(tmp_path / house, {}, NOW)
    assert not believes(tmp_path / "ours" / "web", tmp_path / "theirs" / "redis" / "server.crt")


def test_what_would_end_before_next_years_start_is_renewed_and_nothing_sooner(tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    before = contents(tmp_path)
    end = NOW + certificates.LIFE
    assert 366 * DAY < certificates.RENEW < certificates.LIFE - 300 * DAY
    assert certificates.make(tmp_path, {}, end - certificates.RENEW - DAY) == []
    assert contents(tmp_path) == before
    made = certificates.make(tmp_path, {}, end - certificates.RENEW)
    assert len(made) == len(certificates.SERVICES) + len(SERVERS)
    after = contents(tmp_path)
    assert all((after[name] == before[name]) == ("ca." in name) for name in before)


def test_with_a_new_authority_every_certificate_is_new(tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    before = contents(tmp_path)
    certificates.make(tmp_path, {}, NOW + certificates.AUTHORITY_LIFE - certificates.RENEW)
    after = contents(tmp_path)
    assert not any(after[name] == before[name] for name in before)
    assert len({content for name, content in after.items() if name.endswith("ca.crt")}) == 1


def test_nothing_outlives_the_authority_that_signed_it(tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    late = NOW + certificates.AUTHORITY_LIFE - certificates.RENEW - 100 * DAY
    shutil.rmtree(tmp_path / "beat")
    assert tmp_path / "beat" / "client.crt" in certificates.make(tmp_path, {}, late)
    made = x509.load_pem_x509_certificate((tmp_path / "beat" / "client.crt").read_bytes())
    assert made.not_valid_after_utc == NOW + certificates.AUTHORITY_LIFE


def test_half_a_pair_left_by_a_power_cut_is_made_whole(tmp_path: Path) -> None:
    certificates.make(tmp_path, {}, NOW)
    (tmp_path / "web" / "server.crt").unlink()
    (tmp_path / "redis" / "client.key").unlink()
    (tmp_path / "beat" / "client.crt").write_text("cut off in the mid")
    made = certificates.make(tmp_path, {}, NOW)
    assert {str(path.relative_to(tmp_path)) for path in made} == {
        "web/server.crt",
        "redis/client.crt",
        "beat/client.crt",
    }
    for path in made:
        ssl.create_default_context().load_cert_chain(path, path.with_suffix(".key"))


@pytest.mark.parametrize("words", [[], ["/x", "postgres"], ["/x", "postgres=root"], ["/x", "mail=999"]])
def test_words_it_does_not_know_change_nothing(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ops.certificates", *words], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 2 and b"usage" in done.stderr
    assert not Path("/x").exists()


def test_a_folder_it_may_not_write_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "ops.certificates", str(tmp_path / "file")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "could not be made" in done.stderr and "Traceback" not in done.stderr

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import PREFIX, Settings, is_loopback, read_settings
from scheduler.errors import InputError

ROOT = Path(__file__).parents[2]


def faults(environment: dict[str, str], **instead: object) -> str:
    with pytest.raises(InputError) as refused:
        read_settings(environment, **instead)
    return str(refused.value)


def test_every_setting_says_what_it_is_and_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"| `{PREFIX}{name.upper()}` |" in page, name


def test_nothing_else_reads_the_environment() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in [*ROOT.glob("api/**/*.py"), *ROOT.glob("scheduler/**/*.py")]
        if "environ" in path.read_text(encoding="utf-8").replace("environment", "")
    ]
    assert readers == ["scheduler/cli/backup.py", "scheduler/cli/serve.py"]


def test_without_anything_it_serves_this_machine_alone() -> None:
    settings = read_settings({})
    assert (settings.host, settings.origin) == ("127.0.0.1", "http://127.0.0.1:8000")
    assert settings.database == "sqlite:///data/ungeplan.db"
    assert not settings.is_https


def test_the_environment_is_read_and_the_command_line_goes_before_it() -> None:
    environment = {"UNGEPLAN_PORT": "9000", "UNGEPLAN_WORKERS": "2", "HOME": "/nowhere"}
    settings = read_settings(environment, port=9001, host=None)
    assert (settings.port, settings.workers, settings.host) == (9001, 2, "127.0.0.1")


def test_a_setting_that_is_none_is_named() -> None:
    assert faults({"UNGEPLAN_PROT": "1"}) == "UNGEPLAN_PROT is not a setting of Ungeplan."


def test_a_wrong_value_is_named() -> None:
    assert faults({"UNGEPLAN_PORT": "many"}).startswith("UNGEPLAN_PORT: ")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "plan.example.org", "::"])
def test_other_machines_are_served_by_https_or_on_purpose(host: str) -> None:
    assert "can be reached from other machines" in faults({}, host=host)
    assert read_settings({}, host=host, allow_plain_http=True).host == host
    proxied = read_settings({"UNGEPLAN_PUBLIC_URL": "https://plan.example.org"}, host=host)
    assert (proxied.is_https, proxied.origin) == (True, "https://plan.example.org")


def test_a_certificate_needs_its_key() -> None:
    assert "go together" in faults({"UNGEPLAN_TLS_CERTIFICATE": "cert.pem"})


def test_a_cluster_beyond_this_machine_is_reached_by_tls_with_certificates() -> None:
    assert "tls://" in faults({"UNGEPLAN_DASK_SCHEDULER": "tcp://dask.example.org:8786"})
    assert "are needed" in faults({"UNGEPLAN_DASK_SCHEDULER": "tls://dask.example.org:8786"})
    assert read_settings({"UNGEPLAN_DASK_SCHEDULER": "tcp://127.0.0.1:8786"}).dask_scheduler


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.2", True), ("::1", True), ("10.0.0.1", False), ("x", False)],
)
def test_which_addresses_only_this_machine_reaches(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected

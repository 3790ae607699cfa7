"""The environment is read once, strictly, and every setting is documented."""

from __future__ import annotations

import dataclasses
import os
import stat
import threading
from base64 import urlsafe_b64encode
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from connector.errors import Misconfigured
from connector.settings import PROJECT_DIR, Settings, declared, ensure_secret, load

KEY = urlsafe_b64encode(b"k" * 32).decode()
OTHER_KEY = urlsafe_b64encode(b"o" * 32).decode()


def test_an_empty_environment_gives_the_embedded_default() -> None:
    settings = load({})
    assert settings.data_dir == Path("data").resolve()
    assert settings.database_url == f"sqlite:///{settings.data_dir}/connector.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.rules_dir == PROJECT_DIR / "rules"
    assert settings.is_embedded
    assert not settings.allow_http_fetch
    assert settings.allow_private_fetch == ()
    assert settings.secret_keys == ()


def test_defaults_follow_the_settings_they_name(tmp_path: Path) -> None:
    settings = load({"CONNECTOR_DATA_DIR": str(tmp_path), "PORT": "9001"})
    assert settings.database_url == f"sqlite:///{tmp_path}/connector.db"
    assert settings.documents_url == f"file://{tmp_path}/documents"
    assert settings.public_url == "http://127.0.0.1:9001"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load({"PORT": "", "DATABASE_URL": "  "}) == load({})


@pytest.mark.parametrize(
    ("variable", "given", "complaint"),
    [
        ("PORT", "http", "a whole number from 0 to 65535"),
        ("PORT", "70000", "a whole number"),
        ("PORT", "٣", "a whole number"),
        ("PORT", "-1", "a whole number"),
        ("LISTEN_ON", "localhost", "an IP address such as 127.0.0.1"),
        ("MAX_UPLOAD_MB", "0", "from 1 to 100"),
        ("MAX_PAGES", "1.5", "a whole number"),
        ("ANSWER_WITHIN", "60", "from 0 to 25"),
        ("CONNECTOR_LOG_JSON", "maybe", "on or off"),
        ("ALLOW_HTTP_FETCH", "2", "on or off"),
        ("DATABASE_URL", "mysql://x/y", "sqlite:// or postgresql://"),
        ("DATABASE_URL", "connector.db", "sqlite:// or postgresql://"),
        ("PUBLIC_URL", "connector.example.com", "such as https://"),
        ("PUBLIC_URL", "https://x.example/?a=1", "question mark"),
        ("PROCORE_API_URL", "ftp://api.procore.com", "such as https://"),
        ("PROCORE_API_URL", "https://a:b@api.procore.com", "user name"),
        ("CONNECTOR_SECRET_KEY", "secret", "connector keys secret"),
        ("CONNECTOR_SECRET_KEY", f"{KEY},short", "connector keys secret"),
        ("ALLOW_PRIVATE_FETCH", "10.0.0.1/8", "networks such as"),
        ("ALLOW_PRIVATE_FETCH", "http://files", "networks such as"),
        ("ALLOW_PRIVATE_FETCH", "10.0.0.999", "no network"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(
    variable: str, given: str, complaint: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        load({variable: given})
    assert caught.value.message.startswith(f"{variable} ")
    assert complaint in caught.value.message


@pytest.mark.parametrize(
    "url", ["postgres://u:p@db/coi", "postgresql://u:p@db/coi", "postgresql+psycopg://u:p@db/coi"]
)
def test_every_spelling_of_postgresql_uses_the_driver_we_ship(url: str) -> None:
    settings = load({"DATABASE_URL": url})
    assert settings.database_url == "postgresql+psycopg://u:p@db/coi"
    assert not settings.is_embedded


def test_private_hosts_and_networks_are_told_apart() -> None:
    given = load({"ALLOW_PRIVATE_FETCH": "Files.Office.Example, 10.20.0.0/16,fd00::/8,127.0.0.1"})
    assert given.allow_private_fetch == (
        "files.office.example",
        ip_network("10.20.0.0/16"),
        ip_network("fd00::/8"),
        ip_network("127.0.0.1/32"),
    )


SECRETS = [what.variable for _, what in declared() if what.is_secret]


def test_what_opens_something_is_a_secret() -> None:
    assert set(SECRETS) >= {"DATABASE_URL", "CONNECTOR_SECRET_KEY", "PROCORE_CLIENT_SECRET"}


def sample(variable: str) -> str:
    return {"DATABASE_URL": "sqlite:////tmp/x.db", "CONNECTOR_SECRET_KEY": KEY}.get(
        variable, "hush"
    )


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_may_come_from_a_file(variable: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(sample(variable) + "\n")
    assert load({f"{variable}_FILE": str(file)}) == load({variable: sample(variable)})


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_given_twice_is_refused(variable: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=f"{variable} and {variable}_FILE are both set"):
        load({variable: sample(variable), f"{variable}_FILE": str(tmp_path / "x")})


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    with pytest.raises(Misconfigured, match=r"PROCORE_CLIENT_SECRET_FILE names .*no such file"):
        load({"PROCORE_CLIENT_SECRET_FILE": str(missing)})


def test_a_secret_is_never_repeated() -> None:
    settings = load({"CONNECTOR_SECRET_KEY": KEY, "DATABASE_URL": "postgresql://u:hush@db/coi"})
    assert KEY not in repr(settings)
    assert "hush" not in repr(settings)
    with pytest.raises(Misconfigured) as caught:
        load({"CONNECTOR_SECRET_KEY": "hush-hush"})
    assert "hush" not in caught.value.message


def test_keys_are_listed_newest_first() -> None:
    assert load({"CONNECTOR_SECRET_KEY": f"{KEY}, {OTHER_KEY}"}).secret_keys == (KEY, OTHER_KEY)


def test_the_embedded_default_makes_its_key_once(tmp_path: Path) -> None:
    settings = load({"CONNECTOR_DATA_DIR": str(tmp_path / "new")})
    first = ensure_secret(settings)
    file = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first.secret_keys) == 1
    Fernet(first.secret_keys[0])
    assert ensure_secret(settings) == first
    assert os.listdir(tmp_path / "new") == ["secret.key"]  # noqa: PTH208 - no draft is left


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    settings = load({"CONNECTOR_DATA_DIR": str(tmp_path)})
    found: list[Settings] = []
    threads = [
        threading.Thread(target=lambda: found.append(ensure_secret(settings))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({each.secret_keys for each in found}) == 1


def test_a_given_key_is_used_and_none_is_made(tmp_path: Path) -> None:
    settings = load({"CONNECTOR_DATA_DIR": str(tmp_path), "CONNECTOR_SECRET_KEY": KEY})
    assert ensure_secret(settings) is settings
    assert not list(tmp_path.iterdir())


def test_a_database_of_ones_own_needs_a_key_of_ones_own(tmp_path: Path) -> None:
    url = "postgresql://db/coi"
    with pytest.raises(Misconfigured, match="CONNECTOR_SECRET_KEY is not set"):
        ensure_secret(load({"CONNECTOR_DATA_DIR": str(tmp_path), "DATABASE_URL": url}))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "not a key"])
def test_a_damaged_key_file_is_never_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secret.key"
    file.write_text(content)
    with pytest.raises(Misconfigured, match=r"secret\.key"):
        ensure_secret(load({"CONNECTOR_DATA_DIR": str(tmp_path)}))
    assert file.read_text() == content


def test_settings_md_lists_exactly_the_settings_there_are() -> None:
    table = [
        line
        for line in (PROJECT_DIR / "docs" / "settings.md").read_text().splitlines()
        if line.startswith("| `")
    ]
    expected = [
        f"| `{what.variable}` | {'yes' if what.is_secret else 'no'} | "
        f"{f'`{what.default}`' if what.default else '(none)'} | {what.help} |"
        for _, what in declared()
    ]
    assert table == expected


def test_every_field_is_a_setting_with_a_sentence() -> None:
    assert [name for name, _ in declared()] == [f.name for f in dataclasses.fields(Settings)]
    assert all(what.help.endswith(".") and len(what.help) > 10 for _, what in declared())

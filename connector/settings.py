"""What an operator decides, read from the environment once, here and nowhere else.

Each setting is declared in one line: its variable, how it is read, its default and its meaning.
`docs/settings.md` is the same list for people, and a test keeps the two alike. A secret may come
as `NAME` or as `NAME_FILE`, the path of a file that holds it.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from connector.errors import Misconfigured

PROJECT_DIR = Path(__file__).resolve().parent.parent
"""Written {PROJECT} in a default."""

Network: TypeAlias = IPv4Network | IPv6Network
Reachable: TypeAlias = Network | str
"""A network, or the name of one host."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is read. `{NAME}` in the default stands for another setting's value."""

    variable: str
    parse: Callable[[str], Any]
    default: str
    help: str
    is_secret: bool = False


def setting(
    variable: str, parse: Callable[[str], Any], default: str, help: str, *, is_secret: bool = False
) -> Any:
    """Declare a field of `Settings`. The value of a secret never appears in a repr."""
    declared = Setting(variable, parse, default, help, is_secret)
    return dataclasses.field(metadata={"setting": declared}, repr=not is_secret)


def _text(given: str) -> str:
    return given


def _folder(given: str) -> Path:
    return Path(given).expanduser().resolve()


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(given: str) -> int:
        if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(given)

    return parse


def _host_address(given: str) -> str:
    """An IP address as it stands in front of a port: version 6 in brackets."""
    try:
        found = ip_address(given)
    except ValueError:
        raise ValueError("must be an IP address such as 127.0.0.1") from None
    return f"[{found}]" if found.version == 6 else str(found)


def _switch(given: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if given.lower() not in words:
        raise ValueError("must be on or off")
    return words[given.lower()]


def _security(given: str) -> str:
    if given.lower() not in ("starttls", "tls", "none"):
        raise ValueError("must be starttls, tls or none")
    return given.lower()


def _address(given: str) -> str:
    """An http or https address without a trailing slash."""
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as https://connector.example.com")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address without a user name, a question mark or a #")
    return given.rstrip("/")


def _address_or_none(given: str) -> str:
    return _address(given) if given else ""


def _database(given: str) -> str:
    """A SQLAlchemy URL; the spellings of hosting companies are brought to the driver we ship."""
    scheme, separator, rest = given.partition("://")
    if not separator or scheme not in ("sqlite", "postgres", "postgresql", "postgresql+psycopg"):
        raise ValueError("must start with sqlite:// or postgresql://")
    return f"{scheme}://{rest}" if scheme == "sqlite" else f"postgresql+psycopg://{rest}"


def _keys(given: str) -> tuple[str, ...]:
    """Fernet keys, newest first: the first one encrypts, all of them decrypt."""
    keys = tuple(key.strip() for key in given.split(",") if key.strip())
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(
                "must be keys made by `connector keys secret`, joined by commas"
            ) from None
    return keys


def _reachable(given: str) -> tuple[Reachable, ...]:
    return tuple(_network_or_host(word.strip()) for word in given.split(",") if word.strip())


def _networks(given: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(word.strip()) for word in given.split(",") if word.strip())
    except ValueError:
        raise ValueError(
            "must be addresses or networks such as 10.0.0.0/8, joined by commas"
        ) from None


def _network_or_host(word: str) -> Reachable:
    try:
        return ip_network(word)
    except ValueError:
        pass
    labels = word.lower().rstrip(".").split(".")
    if not all(label and label.replace("-", "a").isalnum() for label in labels):
        raise ValueError(f"must be host names or networks such as 10.0.0.0/8; {word!r} is neither")
    if labels[-1].isdigit():
        raise ValueError(f"has {word!r}, which is no network: its first address would be written")
    return ".".join(labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, parsed. Make one by `load`."""

    # One setting is one line.
    # fmt: off
    data_dir: Path = setting("CONNECTOR_DATA_DIR", _folder, "./data", "The folder for the embedded database, stored documents and local logs.")
    port: int = setting("PORT", _whole_number(0, 65535), "8000", "The port the service listens on; 0 takes any free one.")
    listen_on: str = setting("LISTEN_ON", _host_address, "0.0.0.0", "The address of this machine that the service listens on: 0.0.0.0 for all, 127.0.0.1 when only a proxy on the same machine may reach it.")  # noqa: S104 - hosts reach it from outside
    database_url: str = setting("DATABASE_URL", _database, "sqlite:///{CONNECTOR_DATA_DIR}/connector.db", "Where the data lives: a SQLite file on one machine, or PostgreSQL.", is_secret=True)
    public_url: str = setting("PUBLIC_URL", _address, "http://127.0.0.1:{PORT}", "The address people and other systems reach the service by; links in notices start with it.")
    secret_keys: tuple[str, ...] = setting("CONNECTOR_SECRET_KEY", _keys, "", "Keys that encrypt stored tokens and sign links, newest first, joined by commas. Without DATABASE_URL one is made on the first start and kept in the data folder.", is_secret=True)
    rules_dir: Path = setting("CONNECTOR_RULES_DIR", _folder, "{PROJECT}/rules", "The folder with the rule sets, one YAML file each.")
    answer_within: int = setting("ANSWER_WITHIN", _whole_number(0, 25), "15", "Seconds after which a request is answered with 202 and finished in the background; 0 never waits. Zapier waits 30.")
    proxies_in_front: int = setting("PROXIES_IN_FRONT", _whole_number(0, 5), "0", "How many proxies of your own stand in front of the service (nginx, a load balancer): so many of the addresses they pass on are believed.")
    proxy_networks: tuple[Network, ...] = setting("PROXY_NETWORKS", _networks, "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,fc00::/7,fe80::/10", "Where the nearest of these proxies connects from, joined by commas: whoever comes from elsewhere is believed nothing. Name a proxy that has a public address.")
    web_workers: int = setting("WEB_WORKERS", _whole_number(1, 64), "2", "How many processes answer requests.")
    requests_per_key: int = setting("REQUESTS_PER_KEY", _whole_number(10, 1_000_000), "3000", "How many requests one API key may send in a minute; more are answered with 429. On SQLite each web process counts for itself.")
    requests_per_address: int = setting("REQUESTS_PER_ADDRESS", _whole_number(10, 1_000_000), "6000", "The same for one network address (of IPv6: one /64) and what comes from there without a key that is known.")
    log_json: bool = setting("CONNECTOR_LOG_JSON", _switch, "off", "Write the log as one JSON object a line.")
    metrics_token: str = setting("METRICS_TOKEN", _text, "", "The bearer token for /metrics (Prometheus). Without one there are no figures.", is_secret=True)
    max_upload_mb: int = setting("MAX_UPLOAD_MB", _whole_number(1, 100), "25", "The largest document that is taken, in megabytes.")
    max_pages: int = setting("MAX_PAGES", _whole_number(1, 1000), "100", "The most pages a document may have.")
    allow_http_fetch: bool = setting("ALLOW_HTTP_FETCH", _switch, "off", "Also fetch documents from, and call back to, addresses without TLS (http://).")
    allow_private_fetch: tuple[Reachable, ...] = setting("ALLOW_PRIVATE_FETCH", _reachable, "", "Hosts and networks inside your own network that documents may be fetched from, joined by commas: files.office.example, 10.20.0.0/16.")
    procore_client_id: str = setting("PROCORE_CLIENT_ID", _text, "", "The client id of your app in Procore's developer portal.", is_secret=True)
    procore_client_secret: str = setting("PROCORE_CLIENT_SECRET", _text, "", "Its client secret.", is_secret=True)
    procore_api_url: str = setting("PROCORE_API_URL", _address, "https://api.procore.com", "Procore's API.")
    procore_login_url: str = setting("PROCORE_LOGIN_URL", _address, "https://login.procore.com", "Procore's login pages.")
    documents_url: str = setting("DOCUMENTS_URL", _text, "file://{CONNECTOR_DATA_DIR}/documents", "Where documents are kept: a folder (file://) or a bucket of any S3-compatible store (s3://BUCKET/FOLDER).")
    s3_endpoint_url: str = setting("S3_ENDPOINT_URL", _address_or_none, "", "The address of a store that speaks S3 but is not Amazon's.")
    s3_region: str = setting("S3_REGION", _text, "us-east-1", "The store's region.")
    s3_access_key_id: str = setting("S3_ACCESS_KEY_ID", _text, "", "The key to the bucket; without one the machine's own role is used.", is_secret=True)
    s3_secret_access_key: str = setting("S3_SECRET_ACCESS_KEY", _text, "", "The secret that belongs to the key.", is_secret=True)
    smtp_host: str = setting("SMTP_HOST", _text, "", "The mail server that notices go out through; without one no mail is sent.")
    smtp_port: int = setting("SMTP_PORT", _whole_number(1, 65535), "587", "Its port: 587 for starttls, 465 for tls.")
    smtp_security: str = setting("SMTP_SECURITY", _security, "starttls", "How the connection is encrypted: starttls, tls, or none, which is only taken for a mail server on this very machine.")
    smtp_user: str = setting("SMTP_USER", _text, "", "The user name at the mail server, if it asks for one.")
    smtp_password: str = setting("SMTP_PASSWORD", _text, "", "Its password.", is_secret=True)
    smtp_ca_file: str = setting("SMTP_CA_FILE", _text, "", "A file with the certificates to believe, for a mail server of your own whose certificate no public authority signed.")
    mail_from: str = setting("MAIL_FROM", _text, "{SMTP_USER}", "The sender of all mails: certificates@example.com, or Summit Builders <certificates@example.com>.")
    # fmt: on

    @property
    def is_embedded(self) -> bool:
        """True on the default: the SQLite file in the data folder, nothing else prepared."""
        return self.database_url == f"sqlite:///{self.data_dir}/connector.db"


def declared() -> Iterator[tuple[str, Setting]]:
    """Name in `Settings` and declaration of every setting, in order."""
    for field in dataclasses.fields(Settings):
        yield field.name, field.metadata["setting"]


def load(environ: Mapping[str, str]) -> Settings:
    """The settings that `environ` asks for. Misconfigured names the variable that is wrong."""
    by_variable: dict[str, Any] = {"PROJECT": PROJECT_DIR}
    by_name: dict[str, Any] = {}
    for name, what in declared():
        given = _given(what, environ) or what.default.format_map(by_variable)
        by_name[name] = by_variable[what.variable] = _parsed(what, given)
    return Settings(**by_name)


def _given(what: Setting, environ: Mapping[str, str]) -> str:
    """The variable's text, or what its _FILE holds; "" when neither is set."""
    direct = environ.get(what.variable, "").strip()
    file = environ.get(f"{what.variable}_FILE", "").strip() if what.is_secret else ""
    if direct and file:
        raise Misconfigured(f"{what.variable} and {what.variable}_FILE are both set. Keep one.")
    if not file:
        return direct
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as why:
        raise Misconfigured(
            f"{what.variable}_FILE names {file}, which cannot be read: {_reason(why)}."
        ) from why


def _reason(why: Exception) -> str:
    return (getattr(why, "strerror", None) or "it is not text").lower()


def _parsed(what: Setting, given: str) -> Any:
    """A secret's own value is never repeated in the sentence."""
    try:
        return what.parse(given)
    except ValueError as why:
        found = "" if what.is_secret else f" It is {given!r}."
        raise Misconfigured(f"{what.variable} {why}.{found}") from None


def ensure_secret(settings: Settings) -> Settings:
    """The settings with a secret key: the given one, or on the embedded default one made once.

    The key lands in DATA_DIR/secret.key, readable by its owner alone. With a database of one's
    own there is no default: Misconfigured.
    """
    if settings.secret_keys:
        return settings
    if not settings.is_embedded:
        raise Misconfigured(
            "CONNECTOR_SECRET_KEY is not set. Make one by `connector keys secret` and keep it "
            "safe: without it the stored tokens cannot be read."
        )
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _write_once(path, Fernet.generate_key())
    keys = _parsed(Setting(str(path), _keys, "", ""), path.read_text(encoding="ascii").strip())
    if not keys:
        raise Misconfigured(f"{path} is empty. Put the key back, or delete the file to start anew.")
    return dataclasses.replace(settings, secret_keys=keys)


def _write_once(path: Path, key: bytes) -> None:
    """Put `key` at `path` whole or not at all; of two processes at once the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # the data is for its owner alone
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""What no schema sees: how the files of the app must fit each other, rule by rule.

Each rule answers the places that do not keep to it. They are written from Make's review list and
documentation; `test_rules.py` breaks every one of them once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from connector.catalog.make.communication import POLL, TIMEOUT
from connector.catalog.words import PROPER
from tests.catalog.make.iml import NotUnderstood, tokens
from tests.catalog.make.source import App, Part, texts

KINDS = {"connection", "webhook", "module", "rpc", "function", "endpoint"}
EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
PARAMETER = re.compile(r"\bparameters\.(\w+)")
LISTING = {"search", "trigger"}
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "url": (str,),
    "date": (str,),
    "integer": (int,),
    "uinteger": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "collection": (dict,),
}


def listed(app: App) -> Iterator[str]:
    """Every file is named in the manifest, and every named file is there."""
    general = set(app.manifest["generalCodeFiles"].values())
    named = {path for part in app.all() for path in part.about["codeFiles"].values()} | general
    yield from sorted(named ^ (app.files.keys() - {"makecomapp.json"}))


def six_kinds(app: App) -> Iterator[str]:
    """All six kinds are named, for the components and for every origin; functions there are none."""
    if app.manifest["components"].keys() != KINDS:
        yield "components"
    for origin in app.manifest["origins"]:
        if origin["idMapping"].keys() != KINDS:
            yield f"origin {origin['label']}"
    if app.manifest["components"].get("function"):
        yield "functions are closed to new apps"


def ids(app: App) -> Iterator[str]:
    """Names are as Make allows them."""
    for part in app.all():
        long = r"[a-zA-Z][0-9a-zA-Z]{2,47}" if part.kind in ("module", "rpc") else r"[\w-]{3,35}"
        if not re.fullmatch(long, part.id):
            yield part.where


def references(app: App) -> Iterator[str]:
    """A module's connection and webhook exist, and an instant trigger has a webhook of its own."""
    kinds = app.manifest["components"]
    used = [part.about.get("webhook") for part in app.parts("module") if part.about.get("webhook")]
    for part in app.all():
        for kind in ("connection", "webhook"):
            if kind in part.about and part.about[kind] not in kinds[kind]:
                yield f"{part.where}: {kind}"
        if part.kind in ("module", "rpc", "webhook") and "connection" not in part.about:
            yield f"{part.where}: connection"
        if (part.about.get("moduleType") == "instant_trigger") != ("webhook" in part.about):
            yield f"{part.where}: webhook"
    if sorted(used) != sorted(kinds["webhook"]):
        yield "every webhook belongs to one trigger"


def dropdowns(app: App) -> Iterator[str]:
    """The remote procedure of a dropdown exists, and there is none that no one asks."""
    asked = {
        field["options"].removeprefix("rpc://")
        for part in app.all()
        for field in part.parameters
        if isinstance(field.get("options"), str)
    }
    yield from sorted(asked ^ app.manifest["components"]["rpc"].keys())


def parameters(app: App) -> Iterator[str]:
    """What a module asks of a person is sent, and what it sends was asked."""
    for part in app.all():
        if part.kind in ("rpc", "connection"):
            continue
        sent = {code: part.code[code] for code in ("communication", "attach") if code in part.code}
        used = {name for text in texts(sent) for name in PARAMETER.findall(text)}
        for name in sorted(used ^ {field["name"] for field in part.parameters}):
            yield f"{part.where}: {name}"


def expressions(app: App) -> Iterator[str]:
    """Every expression is one of those that our interpreter knows how to read."""
    for path, content in app.files.items():
        if not path.endswith(".iml.json"):
            continue
        for text in texts(content):
            for source in EXPRESSION.findall(text):
                if source != "..." and (said := _unread(source)):
                    yield f"{path}: {said}"


def _unread(source: str) -> str:
    try:
        tokens(source)
    except NotUnderstood as error:
        return str(error)
    return ""


def labels(app: App) -> Iterator[str]:
    """Labels are in sentence case: only the first word and names have a capital."""
    for part in app.all():
        fields = [*part.parameters, *part.code.get("interface", [])]
        said = [part.about["label"], *(field["label"] for field in fields)]
        for label in said:
            if not _is_sentence_case(label):
                yield f"{part.where}: {label}"


def _is_sentence_case(label: str) -> bool:
    words = [word.strip("():,") for word in label.split()]
    return label[:1].isupper() and not any(
        re.fullmatch(r"[A-Z][a-z]+(-[A-Z][a-z]+)*", word) and word not in PROPER
        for word in words[1:]
    )


def helps(app: App) -> Iterator[str]:
    """Help is a sentence."""
    for part in app.all():
        for field in part.parameters:
            if not re.fullmatch(r"[A-Z`].{10,}[.?]", field.get("help", "None is needed here.")):
                yield f"{part.where}: {field['name']}"


def verbs(app: App) -> Iterator[str]:
    """A module's label says what it does: watch and search several, an action one."""
    begins = {"trigger": "Watch ", "instant_trigger": "Watch ", "search": "Search "}
    for part in app.parts("module"):
        kind, label = part.about["moduleType"], part.about["label"]
        if kind in begins and not (label.startswith(begins[kind]) and label.endswith("s")):
            yield f"{part.where}: {label}"
        if not part.about["description"].endswith("."):
            yield f"{part.where}: description"


def interfaces(app: App) -> Iterator[str]:
    """A module that gives something on declares it, once per key."""
    for part in app.parts("module"):
        names = [field["name"] for field in part.code.get("interface", [])]
        if not names or len(set(names)) != len(names):
            yield part.where


def samples(app: App) -> Iterator[str]:
    """A sample has declared keys in their order, and values of the declared types."""
    for part in app.parts("module"):
        declared = {field["name"]: field["type"] for field in part.code.get("interface", [])}
        sample = part.code.get("samples", {})
        if list(sample) != [name for name in declared if name in sample] or not sample:
            yield part.where
        for name, value in sample.items():
            kinds = TYPES.get(declared.get(name, ""), (object,))
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                yield f"{part.where}: {name}"


def dates(app: App) -> Iterator[str]:
    """A moment is read as a date wherever it is given on; a day stays text."""
    for part in app.parts("module"):
        declared = {field["name"]: field["type"] for field in part.code["interface"]}
        for name, kind in declared.items():
            if (name.endswith("_date")) and kind != "text":
                yield f"{part.where}: {name} is a day"
        moments = {name for name, kind in declared.items() if kind == "date"}
        for output in _outputs(app, part):
            parsed = {name for name, said in output.items() if "parseDate(" in str(said)}
            if parsed != moments:
                yield f"{part.where}: {sorted(parsed ^ moments)}"


def _outputs(app: App, part: Part) -> Iterator[dict[str, Any]]:
    """Every collection that a module may give on."""
    if part.about["moduleType"] == "universal":
        return
    if "webhook" in part.about:
        named = [hook for hook in app.parts("webhook") if hook.id == part.about["webhook"]]
        yield from (hook.code["communication"]["output"] for hook in named)
        return
    for request in part.requests:
        given = [request["response"].get("output")]
        if isinstance(request.get("condition"), dict):
            given.append(request["condition"]["default"])
        yield from (output for output in given if output is not None)


def limits(app: App) -> Iterator[str]:
    """What lists has a limit, and is asked for it; a dropdown has at most 500 choices."""
    for part in app.all():
        if part.kind == "rpc" and not _limit(part) <= 500:
            yield part.where
        if part.about.get("moduleType") in LISTING:
            asked = {field["name"] for field in part.parameters}
            if "limit" not in asked or _limit(part) != "{{parameters.limit}}":
                yield part.where


def _limit(part: Part) -> Any:
    return part.requests[0]["response"].get("limit", 501)


def paging(app: App) -> Iterator[str]:
    """What lists goes on to the next page while there is one."""
    for part in app.all():
        if part.kind == "rpc" or part.about.get("moduleType") in LISTING:
            paged = part.requests[0].get("pagination", {})
            if paged.get("condition") != "{{body.next}}" or "cursor" not in paged.get("qs", {}):
                yield part.where


def polling(app: App) -> Iterator[str]:
    """A polling trigger goes by a number, the newest first, and lets one choose where to begin."""
    for part in app.parts("module"):
        if part.about["moduleType"] != "trigger":
            continue
        said = part.requests[0]["response"].get("trigger", {})
        name = said.get("id", "").removeprefix("{{item.").removesuffix("}}")
        declared = {field["name"]: field["type"] for field in part.code["interface"]}
        is_right = (said.get("type"), said.get("order"), declared.get(name)) == (
            "id",
            "desc",
            "integer",
        )
        shown = part.code.get("epoch", {}).get("response", {}).get("output", {})
        if not is_right or shown.keys() != {"label", "date"}:
            yield part.where


def universal(app: App) -> Iterator[str]:
    """There is one universal module, and it reaches nothing but the service."""
    found = [part for part in app.parts("module") if part.about["moduleType"] == "universal"]
    if len(found) != 1:
        yield "one universal module"
    for part in found:
        if not part.requests[0]["url"].startswith("/v1/"):
            yield f"{part.where}: url"


def addresses(app: App) -> Iterator[str]:
    """Modules and dropdowns ask below the base; the others name their address; all by one way."""
    for part in app.all():
        for code in ("communication", "attach", "detach"):
            requests = part.requests if code == "communication" else [part.code.get(code, {})]
            for url in [request["url"] for request in requests if "url" in request]:
                inherits = part.kind in ("module", "rpc")
                holder = r"\{\{(connection|parameters)\.baseUrl\}\}"
                if not re.match(r"/v1/" if inherits else holder + r"/v1/", url):
                    yield f"{part.where}: {url}"


def secrets(app: App) -> Iterator[str]:
    """The key goes into one header, is kept out of the logs, and never into an address."""
    for where, request in _requests_on_their_own(app):
        headers = request.get("headers", {})
        kept = request.get("log", {}).get("sanitize", [])
        if "apiKey" not in headers.get("Authorization", "") or (
            "request.headers.authorization" not in kept
        ):
            yield where
        if where.endswith("attach") and "response.body.secret" not in kept:
            yield f"{where}: secret"
    for part in app.all():
        for request in [*part.requests, part.code.get("attach", {}), part.code.get("detach", {})]:
            if "apiKey" in str([request.get("url"), request.get("qs"), request.get("body")]):
                yield f"{part.where}: key in an address"


def errors(app: App) -> Iterator[str]:
    """Everything that does not inherit from the base says what errors mean, in our sentence."""
    for where, request in _requests_on_their_own(app):
        said = request.get("response", {}).get("error", {})
        statuses = {status: kind for status, kind in said.items() if status.isdigit()}
        if "body.error.message" not in said.get("message", "") or "429" not in statuses:
            yield where
        for status, kind in statuses.items():
            if (kind["type"] == "InvalidAccessTokenError") != (status == "401"):
                yield f"{where}: {status} would switch scenarios off"
            if (kind["type"] == "RateLimitError") != ("retry-after" in kind["message"]):
                yield f"{where}: {status} does not say how long to wait"


def _requests_on_their_own(app: App) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "base", app.base
    for part in app.parts("connection"):
        yield part.where, part.requests[0]
    for part in app.parts("webhook"):
        yield f"{part.where} attach", part.code.get("attach", {})
        yield f"{part.where} detach", part.code.get("detach", {})


def timeouts(app: App) -> Iterator[str]:
    """The base and the common data agree about the timeout, and waiting for a job keeps below it."""
    if not app.base.get("timeout") == app.common.get("timeout") == TIMEOUT:
        yield "timeout"
    for part in app.all():
        for request in part.requests:
            repeat = request.get("repeat", POLL)
            if repeat["delay"] * repeat["limit"] > TIMEOUT * 0.8:
                yield part.where


def jobs(app: App) -> Iterator[str]:
    """An action waits for its job, sees by `temp` whether it is done, and takes no failure for one."""
    for part in app.parts("module"):
        if part.about["moduleType"] != "action":
            continue
        if len(part.requests) != 3:
            yield part.where
            continue
        first, look, last = part.requests
        condition = look.get("repeat", {}).get("condition", "")
        if "temp.answer.job_status" not in condition or "body." in condition:
            yield f"{part.where}: repeat"
        if last["condition"]["default"]["{{...}}"] != "{{temp.answer}}":
            yield f"{part.where}: default"
        if any("job_status" not in str(r["response"].get("valid")) for r in (first, look, last)):
            yield f"{part.where}: valid"


def hooks(app: App) -> Iterator[str]:
    """A webhook keeps its id when it is attached, and is detached by it."""
    for part in app.parts("webhook"):
        kept = part.code.get("attach", {}).get("response", {}).get("data", {})
        ends = part.code.get("detach", {})
        if kept.get("externalHookId") != "{{body.id}}" or ends.get("method") != "DELETE":
            yield part.where
        if "{{webhook.externalHookId}}" not in ends.get("url", ""):
            yield f"{part.where}: detach"


def files(app: App) -> Iterator[str]:
    """A file is a buffer with its name, sent as a form."""
    for part in app.parts("module"):
        meanings = {field.get("semantic"): field["type"] for field in part.parameters}
        has_file = part.requests[0].get("type") == "multipart/form-data"
        expected = {"file:name": "filename", "file:data": "buffer"} if has_file else {}
        if {key: kind for key, kind in meanings.items() if key} != expected:
            yield part.where


def grouped(app: App) -> Iterator[str]:
    """Every module stands under one heading."""
    named = [id for group in app.groups for id in group["modules"]]
    if sorted(named) != sorted(app.manifest["components"]["module"]):
        yield "groups"


RULES: tuple[Callable[[App], Iterator[str]], ...] = (
    listed,
    six_kinds,
    ids,
    references,
    dropdowns,
    parameters,
    expressions,
    labels,
    helps,
    verbs,
    interfaces,
    samples,
    dates,
    limits,
    paging,
    polling,
    universal,
    addresses,
    secrets,
    errors,
    timeouts,
    jobs,
    hooks,
    files,
    grouped,
)


def findings(app: App) -> list[str]:
    """Every finding as "rule: place"."""
    return [f"{rule.__name__}: {place}" for rule in RULES for place in rule(app)]

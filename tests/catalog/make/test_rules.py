"""The app keeps to every rule, and every rule finds the app in which it is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.actions.events import EVENTS
from connector.actions.registry import ACTIONS
from connector.catalog.words import camel_case
from tests.catalog.make.rules import RULES, findings
from tests.catalog.make.source import ROOT, App, load

APP = load()


def test_the_app_keeps_to_every_rule() -> None:
    assert findings(APP) == []


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_a_module_gives_on_what_its_action_answers_in_the_same_order(action: Any) -> None:
    declared = APP.module(camel_case(action.name)).code["interface"]
    assert [field["name"] for field in declared] == [field.key for field in action.output_fields]


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
def test_a_trigger_gives_on_what_its_event_tells_in_the_same_order(event: Any) -> None:
    declared = APP.module(camel_case(f"watch_{event.name}")).code["interface"]
    assert [field["name"] for field in declared] == [field.key for field in event.fields]


def test_the_page_for_people_names_every_module() -> None:
    page = (ROOT / "docs/make.md").read_text()
    rows = [f"| {part.about['label']} | `{part.id}` |" for part in APP.parts("module")]
    assert [row for row in rows if row not in page] == []


def _manifest_misses_a_file(app: App) -> None:
    app.files["modules/left-over.iml.json"] = {}


def _an_origin_without_endpoints(app: App) -> None:
    del app.manifest["origins"][0]["idMapping"]["endpoint"]


def _an_id_with_a_dash(app: App) -> None:
    modules = app.manifest["components"]["module"]
    modules["parse-certificate"] = modules.pop("parseCertificate")


def _a_trigger_without_its_webhook(app: App) -> None:
    app.module("watchPushFailed").about["webhook"] = "pushLost"


def _a_dropdown_that_no_one_fills(app: App) -> None:
    _parameter(app, "checkCertificate", "rule_set")["options"] = "rpc://listNothing"


def _a_parameter_that_is_not_sent(app: App) -> None:
    del app.module("checkCertificate").requests[0]["body"]["trade"]


def _a_semicolon_between_arguments(app: App) -> None:
    app.base["response"]["error"]["404"]["message"] = "{{ifempty(body.error.message; 'x')}}"


def _a_label_in_title_case(app: App) -> None:
    app.module("parseCertificate").about["label"] = "Parse a Certificate"


def _help_that_is_no_sentence(app: App) -> None:
    _parameter(app, "checkCertificate", "trade")["help"] = "the trade"


def _a_trigger_that_does_not_watch(app: App) -> None:
    app.module("watchPushFailed").about["label"] = "New failed push"


def _a_key_declared_twice(app: App) -> None:
    interface = app.module("parseCertificate").code["interface"]
    interface.append(interface[0])


def _a_sample_of_another_type(app: App) -> None:
    app.module("parseCertificate").code["samples"]["page_count"] = "1"


def _a_moment_given_on_as_text(app: App) -> None:
    del app.module("parseCertificate").requests[2]["condition"]["default"]["received_at"]


def _a_search_without_limit(app: App) -> None:
    del app.module("searchCertificates").requests[0]["response"]["limit"]


def _a_dropdown_with_one_page(app: App) -> None:
    del app.part("rpc", "listVendors").requests[0]["pagination"]


def _polling_by_a_text(app: App) -> None:
    trigger = app.module("watchCertificates").requests[0]["response"]["trigger"]
    trigger["id"] = "{{item.certificate_id}}"


def _a_call_to_anywhere(app: App) -> None:
    app.module("makeAnApiCall").requests[0]["url"] = "{{parameters.url}}"


def _a_module_with_an_address_of_its_own(app: App) -> None:
    app.module("checkCertificate").requests[0]["url"] = "https://connector.example.com/v1/check"


def _a_key_in_the_log(app: App) -> None:
    app.base["log"]["sanitize"] = []


def _a_missing_right_that_switches_off(app: App) -> None:
    app.base["response"]["error"]["403"]["type"] = "InvalidAccessTokenError"


def _a_timeout_that_the_common_data_does_not_know(app: App) -> None:
    app.common["timeout"] = 40_000


def _waiting_that_looks_at_the_body(app: App) -> None:
    look = app.module("logToSheet").requests[1]
    look["repeat"]["condition"] = "{{body.job_status == 'running'}}"


def _a_webhook_that_forgets_its_id(app: App) -> None:
    del app.part("webhook", "pushFailed").code["attach"]["response"]["data"]["externalHookId"]


def _a_file_without_a_name(app: App) -> None:
    _parameter(app, "parseCertificate", "fileName").pop("semantic")


def _a_module_under_no_heading(app: App) -> None:
    app.groups[0]["modules"].pop()


def _parameter(app: App, module: str, name: str) -> dict[str, Any]:
    return next(field for field in app.module(module).parameters if field["name"] == name)


BROKEN: dict[str, Callable[[App], None]] = {
    "listed": _manifest_misses_a_file,
    "six_kinds": _an_origin_without_endpoints,
    "ids": _an_id_with_a_dash,
    "references": _a_trigger_without_its_webhook,
    "dropdowns": _a_dropdown_that_no_one_fills,
    "parameters": _a_parameter_that_is_not_sent,
    "expressions": _a_semicolon_between_arguments,
    "labels": _a_label_in_title_case,
    "helps": _help_that_is_no_sentence,
    "verbs": _a_trigger_that_does_not_watch,
    "interfaces": _a_key_declared_twice,
    "samples": _a_sample_of_another_type,
    "dates": _a_moment_given_on_as_text,
    "limits": _a_search_without_limit,
    "paging": _a_dropdown_with_one_page,
    "polling": _polling_by_a_text,
    "universal": _a_call_to_anywhere,
    "addresses": _a_module_with_an_address_of_its_own,
    "secrets": _a_key_in_the_log,
    "errors": _a_missing_right_that_switches_off,
    "timeouts": _a_timeout_that_the_common_data_does_not_know,
    "jobs": _waiting_that_looks_at_the_body,
    "hooks": _a_webhook_that_forgets_its_id,
    "files": _a_file_without_a_name,
    "grouped": _a_module_under_no_heading,
}


def test_every_rule_is_broken_once() -> None:
    assert list(BROKEN) == [rule.__name__ for rule in RULES]


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found(rule: str) -> None:
    app = APP.copy()
    BROKEN[rule](app)
    assert rule in {found.partition(":")[0] for found in findings(app)}

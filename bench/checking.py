"""Checking: one evaluation, and a rule set tried over 10,000 certificates on file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench import on_file
from connector.actions.rule_trial import try_on_all
from connector.actions.services import Caller
from connector.checking.evaluate import evaluate
from connector.checking.examples import load_examples
from connector.checking.rule_set import load_rule_sets, parse_rule_text
from connector.settings import ensure_secret, load
from connector.storage.migrate import migrate
from connector.wiring import services as make_services
from demo.draw import draw_demo
from tests.drawing.crowd import crowd

RULES = Path(__file__).parents[1] / "rules"
EVALUATIONS = 1_000
SAMPLES = 10
CHANGES = (
    ("standard-subcontractor", "at_least: 1000000", "at_least: 1500000"),
    ("high-risk-trades", "at_least: 5000000", "at_least: 6000000"),
    ("high-risk-trades", "\nrules:", "\numbrella_tops_up: [general_liability]\nrules:"),
)
"""The last one changes what every limit may depend on, so that each is asked twice."""


def rows() -> Iterator[tuple[str, str]]:
    """Wall-clock figures on the certificates of the rule sets' own examples."""
    rule_sets = load_rule_sets(RULES)
    for name, rule_set in rule_sets.items():
        example = load_examples(RULES / f"{name}.examples.yaml")[0]
        started = time.perf_counter()
        for _ in range(EVALUATIONS):
            evaluate(example.packet, rule_set, example.context, example.on)
        each = (time.perf_counter() - started) / EVALUATIONS * 1e6
        yield f"one evaluation, {name}, {len(rule_set.rules)} rules", f"{each:.0f} µs"
    yield from _trials()


def _trials() -> Iterator[tuple[str, str]]:
    """`connector rules try` over a database of vendors with a certificate of their own each."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir, today = Path(folder), datetime.now(UTC).date()
        migrate(f"sqlite:///{data_dir / 'connector.db'}")
        services = make_services(ensure_secret(load({"CONNECTOR_DATA_DIR": folder})))
        bundled = [path.read_bytes() for path in draw_demo(data_dir, today)]
        drawn = [data for _, data in crowd(today, SAMPLES)]
        caller = Caller(on_file.fill(services, (*bundled, *drawn)))
        for name, before, after in CHANGES:
            text = (RULES / f"{name}.yaml").read_text("utf-8")
            changed = parse_rule_text(name, text.replace(before, after), RULES)
            started = time.perf_counter()
            with services.readers() as session:
                trial = try_on_all(session, caller, changed, services)
            seconds = time.perf_counter() - started
            told = f"{seconds:.1f} s; {len(trial.changes):,} would change"
            yield f"{name} with {after.strip().splitlines()[0]} tried on {trial.checked:,}", told
        services.close()

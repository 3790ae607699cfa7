"""Every test a rule can make. A new one is a function, its entry below its file, and an example."""

from __future__ import annotations

from connector.checking.rule_tests import (
    boxes,
    dates,
    endorsements,
    forms,
    insurers,
    limits,
    names,
    scope,
    wording,
)
from connector.checking.rule_tests.rule_test import RuleTest

RULE_TESTS: dict[str, RuleTest] = {
    test.word: test
    for room in (limits, dates, boxes, names, endorsements, forms, scope, insurers, wording)
    for test in room.TESTS
}

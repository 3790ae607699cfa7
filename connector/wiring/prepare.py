"""What must be in order before any process of the service starts, said in a sentence if it is not."""

from __future__ import annotations

import stat
from contextlib import suppress

from connector.checking.rule_set import load_rule_sets
from connector.errors import Misconfigured
from connector.settings import Settings
from connector.storage import rule_set_texts
from connector.storage.database import connect, database_files, sessions_of
from connector.storage.migrate import require_current
from connector.wiring.services import document_folder, now


def prepare(settings: Settings) -> None:
    """The database fits this version, and every rule set is sound and true to its version.

    Misconfigured or BrokenRuleSet, before a port is opened or a job taken.
    """
    rule_sets = load_rule_sets(settings.rules_dir)
    if not rule_sets:
        raise Misconfigured(
            f"There is no rule set in {settings.rules_dir}. Point CONNECTOR_RULES_DIR at a folder "
            "with rule files, or take the project's own."
        )
    _close_to_others(settings)
    engine = connect(settings.database_url)
    try:
        require_current(engine)
        with sessions_of(engine)() as session, session.begin():
            for found in rule_sets.values():
                rule_set_texts.keep(
                    session,
                    found.name,
                    found.version,
                    digest=found.digest,
                    text=found.text,
                    now=now(),
                )
    finally:
        engine.dispose()


def _close_to_others(settings: Settings) -> None:
    """What an older version, or a copy made by hand, left readable to everybody on the machine."""
    folder = document_folder(settings)
    for path in (*database_files(settings.database_url), *([folder] if folder else [])):
        with suppress(FileNotFoundError, PermissionError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                path.chmod(mode & ~0o077)

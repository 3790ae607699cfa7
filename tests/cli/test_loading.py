"""Loading modules without looking for garbage among them."""

from __future__ import annotations

import gc

import pytest

from connector.cli import loading


def test_garbage_is_looked_for_again_once_everything_is_loaded() -> None:
    with loading.for_good():
        assert not gc.isenabled()

    assert gc.isenabled()
    gc.unfreeze()


def test_a_module_that_cannot_be_loaded_does_not_leave_garbage_lying() -> None:
    with pytest.raises(ImportError), loading.for_good():
        raise ImportError

    assert gc.isenabled()
    gc.unfreeze()

"""A correction that changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tracker.errors import ChangesNothing


@pytest.mark.on_both_backends
def test_a_correction_that_changes_nothing_is_refused_unless_it_is_meant(new_tracker: Callable[..., Any]) -> None:
    with new_tracker("stated RUS a/b supports 2019-12-10") as tracker:
        with pytest.raises(ChangesNothing):
            tracker.correct("@3", {"stance": "supports"}, reason="x", by="me")
        assert tracker.checkpoint().position == 3
        assert not tracker.correct("@3", {"stance": "supports"}, reason="x", by="me", anyway=True).difference

"""What belongs to the fast lane is read off what a test asks for."""

from __future__ import annotations

from pathlib import Path

import pytest


def is_fast(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("fast") is not None


def test_what_needs_nothing_is_fast(request: pytest.FixtureRequest) -> None:
    assert is_fast(request)


def test_what_needs_a_folder_is_not(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert not is_fast(request)


@pytest.mark.slow
def test_what_is_slow_is_not(request: pytest.FixtureRequest) -> None:
    assert not is_fast(request)

"""Routes that cost little to add: few of them are ever built into an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from werkzeug.routing import Rule


class LazyRule(Rule):
    """A route whose address-building function is compiled when an address is first built.

    Werkzeug compiles two for each route as it is added, half of what an application costs to wire; few are ever called.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))
        return lambda rule, /, **values: compiled()(rule, **values)

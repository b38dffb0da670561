"""Routes build the addresses that Werkzeug's own would, and compile nothing before."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Map, Rule

from bot.app import WebApp
from bot.web.routes import LazyRule

PATHS = ("/desk/", "/read/<int:essay>", "/read/<int:essay>/<rule>", "/members/<path:rest>", "/week")
GIVEN: list[dict[str, Any]] = [
    {},
    {"essay": 7},
    {"essay": 7, "rule": "甲/乙"},
    {"rest": "a/b", "of": "cs 1"},
    {"of": "x"},
]


def addresses(kind: type[Rule]) -> list[str]:
    routes = Map([kind(path, endpoint=str(number)) for number, path in enumerate(PATHS)]).bind("bot.example")
    return [routes.build(str(number), values) for number, values in enumerate(GIVEN)]


def test_an_address_is_what_werkzeug_builds() -> None:
    assert addresses(LazyRule) == addresses(Rule)


class Counting(LazyRule):
    """Notes each address-building function that is compiled."""

    compiled: list[str]

    @staticmethod
    def _get_func_code(code: Any, name: str) -> Any:
        Counting.compiled.append(name)
        return Rule._get_func_code(code, name)


def test_nothing_is_compiled_before_an_address_is_built() -> None:
    assert WebApp.url_rule_class is LazyRule
    Counting.compiled = []
    routes = Map([Counting(path, endpoint=path) for path in PATHS]).bind("bot.example")
    assert routes.match("/week") == ("/week", {})
    assert Counting.compiled == []
    assert [routes.build("/week"), routes.build("/week")] == ["/week", "/week"]
    assert len(Counting.compiled) == 1
    assert "/week" in Counting.compiled[0]

"""The functions of a process that are alive, and other code for them."""

from __future__ import annotations

import gc
from collections import defaultdict
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType

Name = tuple[str, str, int]  # of a function: its file, its name there, its first line


class LiveFunctions:
    """All functions there are, wherever they are held."""

    def __init__(self) -> None:
        self.by_name: dict[Name, list[FunctionType]] = defaultdict(list)
        for one in gc.get_objects():
            if isinstance(one, FunctionType):
                code = one.__code__
                self.by_name[code.co_filename, code.co_qualname, code.co_firstlineno].append(one)

    def take(self, module: CodeType) -> list[FunctionType]:
        """Give them the code that they have in this compiled module; those for which it is another."""
        changed = []
        for name, code in functions_in(module).items():
            for function in self.by_name[name]:
                if function.__code__ != code:
                    function.__code__ = code
                    changed.append(function)
        return changed


def functions_in(code: CodeType) -> dict[Name, CodeType]:
    """Every function below, however deep; no class, no module."""
    found: dict[Name, CodeType] = {}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & CO_OPTIMIZED:
                found[one.co_filename, one.co_qualname, one.co_firstlineno] = one
            found |= functions_in(one)
    return found

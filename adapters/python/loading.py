"""Finds the class that a manifest names and makes its object."""

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from adapters.kit.suggesting import did_you_mean
from adapters.python.interface import FindsRecords

METHODS = ("open", "find", "check", "close")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """Why there is no object, and how to mend it; holds no text of an exception."""

    what: str
    mend: str


def make_finder(named: str, settings: Mapping[str, str]) -> FindsRecords | Unusable:
    """Import `package.module:Name` and call it with the settings."""
    module_name, _, name = named.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as missing:
        mend = "Install it where the adapter is installed, or name its folder in PYTHONPATH."
        return Unusable(what=f"there is no module `{missing.name}`", mend=mend)
    except Exception as fault:  # noqa: BLE001  whatever a stranger's module does, the adapter says which kind it was
        return Unusable(what=f"importing `{module_name}` fails ({type(fault).__name__})", mend="Import it in a shell.")
    made: object = getattr(module, name, None)
    if not inspect.isclass(made):
        classes = [known for known, one in vars(module).items() if inspect.isclass(one)]
        return Unusable(
            what=f"`{module_name}` has no class `{name}`", mend=did_you_mean(name, classes, "Check `class`.")
        )
    missing_methods = [method for method in METHODS if not inspect.iscoroutinefunction(getattr(made, method, None))]
    if missing_methods:
        what = f"`{name}` lacks {', '.join(f'`async def {method}`' for method in missing_methods)}"
        return Unusable(what=what, mend="See `FindsRecords` in adapters/python/interface.py.")
    try:
        return cast("Callable[[Mapping[str, str]], FindsRecords]", made)(settings)
    except Exception as fault:  # noqa: BLE001  as above
        return Unusable(what=f"making `{name}` fails ({type(fault).__name__})", mend="Check `settings`.")

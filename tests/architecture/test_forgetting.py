"""What makes the hub forget stands in one room, and nothing else undoes it."""

import ast

from tests.architecture.code import calls, imported_by, modules, tree_of, within

HARDENING = "hub.hardening"
# What the allocator, core dumps and the reading of memory are ruled by.
SETTINGS = ("PYTHONMALLOC", "GLIBC_TUNABLES", "MALLOC_PERTURB_", "LD_PRELOAD")
RULING = frozenset({"ctypes", "resource"})
# The workshop bounds itself by the same means; it is a program of its own and holds no case.
ITS_OWN_PROGRAM = "hub.access.workshop"


def test_only_the_room_of_hardening_knows_the_allocator_s_settings_and_the_means() -> None:
    strangers = [
        module
        for module, path in modules("hub", "adapters")
        if not within(module, HARDENING)
        and (
            any(setting in path.read_text(encoding="utf-8") for setting in SETTINGS)
            or (RULING & set(imported_by(path)) and not within(module, ITS_OWN_PROGRAM))
        )
    ]
    assert not strangers


def test_nothing_that_is_served_is_frozen_away_from_the_collector_but_what_was_there_at_the_start() -> None:
    freezing = [module for module, path in modules("hub") for _, name in calls(path) if name == "gc.freeze"]
    disabling = [module for module, path in modules("hub") for _, name in calls(path) if name == "gc.disable"]
    assert freezing == ["hub.main"]
    assert not [module for module in disabling if not within(module, ITS_OWN_PROGRAM)]


def test_no_value_of_a_case_is_kept_for_good_by_a_cache_or_by_python() -> None:
    keeping = [
        (module, node.lineno)
        for module, path in modules("hub")
        if not within(module, ITS_OWN_PROGRAM)
        for node in ast.walk(tree_of(path))
        if (
            isinstance(node, ast.Attribute | ast.Name)
            and ast.unparse(node) in {"sys.intern", "lru_cache", "functools.cache"}
        )
        or (isinstance(node, ast.FunctionDef) and "cache" in {ast.unparse(one) for one in node.decorator_list})
    ]
    assert not keeping


def test_the_edge_writes_to_streams_in_a_way_that_is_never_given_up_half_way() -> None:
    bare = [
        (module, node.lineno)
        for module, path in modules("hub")
        if within(module, "hub.edge")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Await)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) in {"context.write", "context.read"}
    ]
    assert not bare

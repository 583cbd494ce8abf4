import ast

from tests.architecture.code import calls, imported_by, modules, tree_of


def test_no_traceback_is_logged_since_it_may_show_values_of_a_case() -> None:
    shown = [
        (module, node.lineno)
        for module, path in modules("hub", "adapters")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "exception" and "log" in ast.unparse(node.func))
            or any(keyword.arg in {"exc_info", "stack_info"} for keyword in node.keywords)
        )
    ]
    assert not shown
    assert not [module for module, path in modules("hub", "adapters") if "traceback" in imported_by(path)]


def test_nothing_is_pickled_and_nothing_is_run_from_text() -> None:
    banned = {"pickle", "shelve", "marshal", "dill"}
    assert not [module for module, path in modules("hub", "adapters") if banned & set(imported_by(path))]
    evaluated = [
        (module, line)
        for module, path in modules("hub", "adapters")
        for line, name in calls(path)
        if name in {"eval", "exec"}
    ]
    assert not evaluated


def test_only_commands_write_to_the_terminal() -> None:
    spoken = [
        (module, line)
        for module, path in modules("hub", "adapters")
        # The standalone verifier is a program of its own: it says whether a file is genuine, nothing of what is in it.
        if not module.startswith(("hub.cli", "adapters.cli", "adapters.commands", "adapters.kit.verifying"))
        for line, name in calls(path)
        if name in {"print", "sys.stdout.write"}
    ]
    assert not spoken

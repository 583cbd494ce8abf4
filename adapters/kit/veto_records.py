"""Record sets under a veto: what is read is the same, and the rules' conditions are `withhold_when` there.

A reader knows nothing of vetoes. It finds one more record set for each combination of rules that an ask can meet, so
that whatever holds for `withhold_when` holds for a rule: nothing further is requested about somebody who is held back,
and a look again sees the column that the rule is about.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from adapters.kit.json_paths import path_fault
from adapters.kit.manifest import DocumentRecords, Manifest, Source
from adapters.kit.marked_yaml import MarkedTree
from adapters.kit.suggesting import did_you_mean
from adapters.kit.veto import VetoRule, records_under

MOST_DEPENDING = 4
"""Rules with `person` that one question can meet or not, depending on who asks: each doubles the record sets."""


def always_under(manifest: Manifest, question: str) -> tuple[VetoRule, ...]:
    """List the rules by which records are held back from a question whoever asks it."""
    return tuple(rule for rule in _about_people(manifest, question) if rule.is_always)


def with_vetoes(manifest: Manifest) -> Manifest:
    """Add the record sets that are read under the rules."""
    added: dict[str, dict[str, object]] = {}
    for question, route in manifest.questions.items():
        plain = manifest.records_of(route)
        for rules in _combinations(manifest, question):
            held_back = {name: list(values) for name, values in plain.withhold_when.items()}
            for rule in rules:
                for place, values in (rule.person or {}).items():
                    held_back[place] = [*held_back.get(place, ()), *values]
            variant = plain.model_copy(update={"withhold_when": held_back})
            added.setdefault(route.source, {})[records_under(route.records, rules)] = variant
    if not added:
        return manifest
    sources = {name: _with_records(source, added.get(name, {})) for name, source in manifest.sources.items()}
    return manifest.model_copy(update={"sources": sources})


def blame_vetoes(marked: MarkedTree, manifest: Manifest) -> None:
    """Blame rules of one name, questions that are not answered, paths that are none, and too many combinations."""
    names = [rule.name for rule in manifest.veto]
    for index, rule in enumerate(manifest.veto):
        line = marked.line_of(("veto", index, "name"))
        if rule.name in names[:index]:
            marked.blame(line, f"two rules are called `{rule.name}`", "Give one another name.")
        for question in rule.questions or ():
            if question not in manifest.answered:
                mend = did_you_mean(question, manifest.answered, "List it under `questions`, or leave it out here.")
                marked.blame(line, f"rule `{rule.name}` is about `{question}`, which is not answered anyhow", mend)
        for path in _bad_paths(manifest, rule):
            marked.blame(line, f"`{path}` is not a JSONPath", 'Write it as in "$.meta.security[*].code".')
    for question in manifest.questions:
        if len(_depending(manifest, question)) > MOST_DEPENDING:
            what = f"more than {MOST_DEPENDING} rules with `person` depend on who asks `{question}`"
            marked.blame(marked.line_of(("veto",)), what, "Join some of them, or leave out who asks.")


def _with_records(source: Source, added: Mapping[str, object]) -> Source:
    return source.model_copy(update={"records": {**source.records, **added}}) if added else source


def _about_people(manifest: Manifest, question: str) -> tuple[VetoRule, ...]:
    return tuple(rule for rule in manifest.veto if rule.person is not None and rule.concerns(question))


def _depending(manifest: Manifest, question: str) -> tuple[VetoRule, ...]:
    return tuple(rule for rule in _about_people(manifest, question) if not rule.is_always)


def _combinations(manifest: Manifest, question: str) -> Iterator[Sequence[VetoRule]]:
    """List the sets of rules that an ask can meet, each in the order of the manifest."""
    depending = _depending(manifest, question)
    always = always_under(manifest, question)
    for size in range(len(depending) + 1):
        for some in combinations(depending, size):
            met = [rule for rule in _about_people(manifest, question) if rule in always or rule in some]
            if met:
                yield met


def _bad_paths(manifest: Manifest, rule: VetoRule) -> list[str]:
    """List the conditions of a rule that should be JSONPaths, and are none."""
    sets = [manifest.records_of(route) for question, route in manifest.questions.items() if rule.concerns(question)]
    is_document = any(isinstance(records, DocumentRecords) for records in sets)
    return [path for path in rule.person or () if is_document and path_fault(path)]

"""The agency's own veto: which asks a rule refuses, from which it holds back records, and what a manifest may say."""

from pathlib import Path

import pytest
from sharing.v1.links_pb2 import Ask

from adapters.kit.errors import ManifestError
from adapters.kit.manifest import Manifest, SqlSource
from adapters.kit.manifest_file import load_manifest
from adapters.kit.veto import Vetoes, VetoRule, records_under, rules_that_held_back

ASK = Ask(question="child_health", requester_agency="schools", access_level="teacher", purpose="safeguarding")

# What a rule says, and whether it applies to a teacher of a school who asks child_health for safeguarding.
RULES: tuple[tuple[dict[str, object], bool], ...] = (
    ({"questions": ["child_health"]}, True),
    ({"questions": ["child_basics", "child_health"]}, True),
    ({"questions": ["child_basics"]}, False),
    ({"agencies": ["schools"]}, True),
    ({"agencies": ["connexions"]}, False),
    ({"access_levels": ["teacher"]}, True),
    ({"access_levels": ["head"]}, False),
    ({"purposes": ["safeguarding"]}, True),
    ({"purposes": ["enquiry"]}, False),
    ({"questions": ["child_health"], "agencies": ["schools"], "access_levels": ["teacher"]}, True),
    ({"questions": ["child_basics"], "agencies": ["schools"]}, False),
    ({"agencies": ["schools"], "access_levels": ["head"]}, False),
    ({"agencies": ["schools"], "purposes": ["enquiry"]}, False),
    ({"questions": ["child_health"], "unless": {"agencies": ["schools"]}}, False),
    ({"questions": ["child_health"], "unless": {"agencies": ["social_care"]}}, True),
    ({"agencies": ["schools"], "unless": {"access_levels": ["teacher"]}}, False),
    ({"agencies": ["schools"], "unless": {"access_levels": ["teacher"], "purposes": ["enquiry"]}}, True),
    ({"unless": {"purposes": ["safeguarding"]}}, False),
    ({"unless": {"purposes": ["enquiry"]}}, True),
)


def rule(said: dict[str, object], name: str = "ours") -> VetoRule:
    return VetoRule.model_validate({"name": name, **said})


@pytest.mark.parametrize(("said", "applies"), RULES, ids=[str(said) for said, _ in RULES])
def test_a_rule_applies_when_every_part_of_it_fits(said: dict[str, object], applies: bool) -> None:  # noqa: FBT001  a table
    refusing, holding = Vetoes(rules=[rule(said)]), Vetoes(rules=[rule({**said, "person": {"sealed": ["Y"]}})])
    assert refusing.refusing(ASK) == ("ours" if applies else "")
    assert refusing.holding_back(ASK) == ()
    assert holding.refusing(ASK) == ""
    assert [each.name for each in holding.holding_back(ASK)] == (["ours"] if applies else [])


def test_nothing_that_the_hub_says_changes_a_veto() -> None:
    vetoes = Vetoes(rules=[rule({"questions": ["child_health"]})])
    emergency = Ask(question="child_health", break_glass=True, with_shielded=True, ground="vital", confirmed_by="x")
    assert vetoes.refusing(emergency) == "ours"


def test_the_first_rule_that_refuses_is_named_and_a_question_that_is_never_answered_before_it() -> None:
    rules = [rule({"agencies": ["connexions"]}, "first"), rule({"agencies": ["schools"]}, "second")]
    rules.append(rule({"purposes": ["safeguarding"]}, "third"))
    assert Vetoes(rules=rules).refusing(ASK) == "second"
    assert Vetoes(refuse=frozenset({"child_health"}), rules=rules).refusing(ASK) == "refuse"


def test_every_rule_about_people_that_applies_holds_back() -> None:
    rules = [rule({"person": {"a": ["Y"]}}, "one"), rule({"person": {"b": ["Y"]}, "agencies": ["schools"]}, "two")]
    rules.append(rule({"person": {"c": ["Y"]}, "agencies": ["connexions"]}, "three"))
    assert [each.name for each in Vetoes(rules=rules).holding_back(ASK)] == ["one", "two"]


@pytest.mark.parametrize(
    ("held_back_by", "named"),
    [
        (("a",), ("one",)),
        (("b", "c"), ("two",)),
        (("a", "c"), ("one", "two")),
        (("other",), ("withhold_when",)),
        (("a", "other"), ("one", "withhold_when")),
        ((), ("one", "two")),
    ],
)
def test_the_journal_names_the_rules_by_which_something_was_held_back(
    held_back_by: tuple[str, ...], named: tuple[str, ...]
) -> None:
    rules = [rule({"person": {"a": ["Y"]}}, "one"), rule({"person": {"b": ["Y"], "c": ["1"]}}, "two")]
    assert rules_that_held_back(rules, held_back_by) == named


def test_without_rules_only_the_older_setting_holds_back() -> None:
    assert rules_that_held_back((), ("restricted",)) == ("withhold_when",)
    assert rules_that_held_back((), ()) == ("withhold_when",)


GOOD = """
manifest: 1
agency: schools
title: Schools
hub: {addresses: ["localhost:7401"], ca: ca.pem, certificate: c.pem, key: c.key}
journal: journal.sqlite
refuse: [child_health]
questions: {child_basics: sims.pupil, child_services: sims.pupil, school_record: sims.leaver}
veto:
  - {name: sealed, person: {sealed: [Y]}}
  - {name: not_for_careers, questions: [child_basics], agencies: [connexions], person: {moved: ["*"], sealed: ["1"]}}
  - {name: only_for_safeguarding, questions: [school_record], unless: {purposes: [safeguarding]}}
sources:
  sims:
    kind: sql
    name: SIMS
    url: sqlite:///sims.sqlite
    records:
      pupil: &pupil
        table: pupil
        keys: {upn: upn}
        fields: {upn: upn}
        withhold_when: {restricted: [Y]}
      leaver: {<<: *pupil, table: leaver}
"""


def load(folder: Path, text: str) -> Manifest:
    file = folder / "agency.yaml"
    file.write_text(text, encoding="utf-8")
    return load_manifest(file, {})


def test_there_is_a_record_set_for_each_combination_of_rules_that_a_question_can_meet(tmp_path: Path) -> None:
    manifest = load(tmp_path, GOOD)
    source = manifest.sources["sims"]
    assert isinstance(source, SqlSource)
    careful = records_under("pupil", manifest.veto[:2])
    held_back = {name: records.withhold_when for name, records in source.records.items()}
    assert held_back == {
        "pupil": {"restricted": ["Y"]},
        "leaver": {"restricted": ["Y"]},
        "pupil without sealed": {"restricted": ["Y"], "sealed": ["Y"]},
        "leaver without sealed": {"restricted": ["Y"], "sealed": ["Y"]},
        careful: {"restricted": ["Y"], "sealed": ["Y", "1"], "moved": ["*"]},
    }
    assert load(tmp_path, GOOD.split("veto:", maxsplit=1)[0] + "sources:" + GOOD.split("sources:")[1]).veto == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("person: {sealed: [Y]}", "agencies: []", "`agencies` does not fit"),
        ("person: {sealed: [Y]}", "unless: {}", "`unless` names nobody, so the rule would never apply"),
        (", person: {sealed: [Y]}", "", "a rule that names nothing refuses everything"),
        ("name: sealed", "name: refuse", "a rule is called `refuse`, which the journal uses itself"),
        ("name: sealed", "name: not_for_careers", "two rules are called `not_for_careers`"),
        ("[school_record]", "[school_recrod]", "about `school_recrod`, which is not answered anyhow. Did you mean"),
        ("person: {sealed: [Y]}", "persons: {sealed: [Y]}", "`persons` is not a setting of this part"),
    ],
)
def test_a_rule_that_would_not_do_what_it_seems_to_is_a_fault(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(ManifestError) as wrong:
        load(tmp_path, GOOD.replace(old, new))
    assert what in str(wrong.value)


def test_too_many_rules_that_depend_on_who_asks_are_a_fault(tmp_path: Path) -> None:
    more = "".join(
        f"  - {{name: r{number}, agencies: [connexions], person: {{c{number}: [Y]}}}}\n" for number in range(4)
    )
    with pytest.raises(ManifestError, match="more than 4 rules with `person` depend on who asks `child_basics`"):
        load(tmp_path, GOOD.replace("sources:", f"{more}sources:"))


def test_a_path_of_a_rule_must_be_one_where_records_are_documents(tmp_path: Path) -> None:
    rest = GOOD.replace("kind: sql", "kind: rest").replace("url: sqlite:///sims.sqlite", 'url: "http://127.0.0.1:1/"')
    rest = rest.replace("table: pupil", 'path: pupils\n        rows: "$[*]"').replace(
        "fields: {upn: upn}", "fields: {upn: $.upn}"
    )
    rest = (
        rest.replace("table: leaver", "path: leavers")
        .replace("restricted:", '"$.restricted":')
        .replace("moved:", '"$.moved":')
    )
    with pytest.raises(ManifestError, match="`sealed` is not a JSONPath"):
        load(tmp_path, rest)
    assert load(tmp_path, rest.replace("{sealed:", '{"$.sealed":').replace(" sealed:", ' "$.sealed":')).veto

"""Whom a search is about is read from standard input, and written as the catalogue writes it."""

import io

import pytest
import typer

from adapters.commands.person_keys import read_person


@pytest.mark.parametrize(
    ("given", "person"),
    [
        ("nhs_number: 943 476-5919\n", {"nhs_number": "9434765919"}),
        (
            "upn: h801200001001\n\nfamily_name:  O'Hara: Smith \n",
            {"upn": "H801200001001", "family_name": "O'Hara: Smith"},
        ),
        ('{"given_name": "Zoe", "upn": null}', {"given_name": "Zoe"}),
        ("date_of_birth: 2012-03-07", {"date_of_birth": "2012-03-07"}),
    ],
)
def test_keys_are_lines_or_one_document(given: str, person: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    assert read_person() == person


@pytest.mark.parametrize("given", ["", "upn:", "name: Zoe", "{", "Zoe", "date_of_birth: 7 March 2012"])
def test_what_names_nobody_is_wrong_usage_and_is_not_repeated(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    with pytest.raises(typer.BadParameter) as wrong:
        read_person()
    assert "Zoe" not in str(wrong.value)
    assert "March" not in str(wrong.value)

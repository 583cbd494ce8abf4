"""The paper agency's people file."""

import sys
from pathlib import Path

from tests.conformance.paper import source

PEOPLE = """
conformance: 1
agency: paper
catalogue: {policies}
secrets: [PAPER_KEY]
known:
  - keys: {{nhs_number: "9434765919"}}
    answers:
      child_basics: {{given_name: Samira, gender: male}}
      child_services: {{service: Reading help}}
  - keys: {{given_name: Tobias, family_name: Vellum-Quire, date_of_birth: "2012-03-07"}}
    answers: {{child_basics: {{nhs_number: "9434765870"}}}}
otherwise:
  - keys: {{given_name: Tobías, family_name: VELLUM QUIRE, date_of_birth: "2012-03-07"}}
    answers: {{child_basics: {{nhs_number: "9434765870"}}}}
crowd: {{keys: {{given_name: Tom, family_name: Vellum-Quire, date_of_birth: "2012-03-07"}}, question: child_basics}}
unknown:
  - keys: {{nhs_number: "{unknown}"}}
shielded:
  - keys: {{nhs_number: "9434765862", given_name: Ottoline, family_name: Foolscap, date_of_birth: "2013-08-09"}}
    questions: [child_basics]
  - {{keys: {{nhs_number: "9434765854"}}, questions: [child_services], absolute: true}}
withheld:
  - {{keys: {{nhs_number: "9434765846"}}, questions: [child_basics]}}
searches:
  - question: child_register
    criteria: {{family_name: Pap, given_name: Sa, born_from: "2014-01-01", born_to: "2014-12-31"}}
    finds: [{{nhs_number: "9434765919"}}]
    many: {{born_from: "2012-01-01", born_to: "2014-12-31"}}
    hidden: {{family_name: Fools}}
    nobody: {{family_name: Nobodyatall}}
refused: [child_health]
hostile:
  - {{keys: {{nhs_number: "9434765838"}}, questions: [child_basics]}}
changes:
  - keys: {{nhs_number: "9434765919"}}
    question: child_basics
    begin: "{switch} consent refused"
    end: "{switch} consent given"
    within_seconds: 2
faults:
  stopped: {{begin: "{switch} mode stopped", end: "{switch} mode ok"}}
  slow: {{begin: "{switch} mode slow", end: "{switch} mode ok"}}
  garbled: {{begin: "{switch} mode garbled", end: "{switch} mode ok"}}
  stale: {{begin: "{switch} mode stale", end: "{switch} mode ok"}}
"""


def write_people(folder: Path, repository: Path) -> Path:
    """Write the agency's sheets, and the people file beside them."""
    source.write(folder)
    switch = f"{sys.executable} -m tests.conformance.paper.switch {folder}"
    file = folder / "people.yaml"
    text = PEOPLE.format(policies=repository / "policies", unknown=source.UNKNOWN, switch=switch)
    file.write_text(text, encoding="utf-8")
    return file

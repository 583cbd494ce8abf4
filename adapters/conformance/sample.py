"""A commented people file, as `adapter conformance --sample` prints it."""

SAMPLE = """\
# Who is who in your TEST system, for `adapter conformance`. Never put details of real people here.
conformance: 1
# agency: schools              # only with --command: a manifest says it itself

# What may be asked. The policy folder of the hub that you will join; ask its administrators for it.
catalogue: ../policies
# Or, without it, the questions and the types of their fields:
# questions:
#   child_basics:
#     upn: identifier
#     family_name: text
#     given_name: text
#     date_of_birth: date
#     gender: {type: choice, choices: [female, male, other, not_known]}
# deadline_ms: 3000            # time for each ask, where no catalogue says so

# Variables of the environment that hold the source's credentials: their values must never be printed or sent. Those
# that a manifest uses, and whose names have KEY, PASS, SECRET or TOKEN in them, are known already.
# secrets: [SCHOOLS_DATABASE_URL]

known:                         # for each question, values that one row must have; {} asks for a row only
  - keys: {upn: A123456789012}
    answers:
      child_basics: {family_name: Sample, given_name: Sam, date_of_birth: "2014-05-06"}
  - keys: {family_name: Sample, given_name: Sam, date_of_birth: "2014-05-06"}
    answers: {child_basics: {}}

# If it looks wider: people as somebody might type them, and somebody (a twin) of whom several are near.
# otherwise:
#   - keys: {family_name: SAM-PLE, given_name: Säm, date_of_birth: "2014-05-06"}
#     answers: {child_basics: {given_name: Sam}}
# crowd: {keys: {family_name: Twin, given_name: Tim, date_of_birth: "2015-01-02"}, question: child_basics}

unknown:                       # the first is compared with the shielded: give it the same kinds of keys
  - keys: {upn: A999999999999}

shielded:                      # whom you protect; `absolute: true` if nobody may lift that through the hub
  - keys: {upn: A123456789013}
    questions: [child_basics]

withheld:                      # held back by your own veto (`withhold_when`)
  - keys: {upn: A123456789014}
    questions: [child_basics]

# Where you answer a register: somebody who is found, and criteria that several, only somebody hidden, and nobody fit.
# searches:
#   - question: child_register
#     criteria: {family_name: Samp, born_from: "2014-01-01", born_to: "2014-12-31"}
#     finds: [{given_name: Sam}]
#     many: {family_name: Sa}
#     hidden: {family_name: Secret}
#     nobody: {family_name: Nobodyatall}

refused: []                    # questions that you refuse to everybody

hostile:                       # put control characters, a text of 5,000 letters and 31 February into this record
  - keys: {upn: A123456789015}
    questions: [child_basics]

# Commands that change what the source says, and put it back. They run without a shell.
# changes:
#   - keys: {upn: A123456789012}
#     question: child_basics
#     begin: sqlite3 test.sqlite "UPDATE pupil SET consent = 'W' WHERE id = 1"
#     end: sqlite3 test.sqlite "UPDATE pupil SET consent = 'Y' WHERE id = 1"

# For gold: commands that break the source for a moment, and mend it.
# faults:
#   stopped: {begin: systemctl --user stop test-source, end: systemctl --user start test-source}
#   slow: {begin: pkill -STOP -x test-source, end: pkill -CONT -x test-source}
#   garbled: {begin: ./answer-nonsense on, end: ./answer-nonsense off}
#   stale: {begin: ./age-the-files, end: ./freshen-the-files}

# Rules that cannot be tried with your system, each with the reason. None excuses a rule that is broken.
exempt:
  refusals-honoured: We refuse no question to everybody.
  takes-back: Our system holds nothing about consent or objections.
"""

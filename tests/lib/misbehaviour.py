"""The ways in which a hostile adapter misbehaves, each by its name."""

from enum import StrEnum


class Misbehaviour(StrEnum):
    """Is one thing that an adapter must not do, or that must harm nobody when it happens."""

    # It says nothing, or not in time.
    STALLS = "stalls"
    STOPS_READING = "stops_reading"
    FROZEN = "frozen"
    DRIPS = "drips"
    ANSWERS_LATE = "answers_late"
    NEVER_INTRODUCES_ITSELF = "never_introduces_itself"
    DECLARES_NOTHING = "declares_nothing"
    # It comes and goes.
    DIES_WHEN_ASKED = "dies_when_asked"
    FLAPS = "flaps"
    OPENS_MANY_LINKS = "opens_many_links"
    BORROWS_AN_INSTANCE = "borrows_an_instance"
    # It says too much.
    FLOODS_UNSOLICITED = "floods_unsolicited"
    FLOODS_EMPTY = "floods_empty"
    FLOODS_HUGE = "floods_huge"
    FLOODS_LATE_ANSWERS = "floods_late_answers"
    # It speaks out of turn.
    SPEAKS_BEFORE_HELLO = "speaks_before_hello"
    SAYS_HELLO_AGAIN = "says_hello_again"
    # What it says cannot be read.
    GARBAGE = "garbage"
    INVALID_UTF8 = "invalid_utf8"
    HUGE_TEXT = "huge_text"
    BIG_REPLY = "big_reply"
    CELLS_MISSING = "cells_missing"
    NO_STATUS = "no_status"
    UNPRINTABLE_SOURCE = "unprintable_source"
    ENDLESS_TIME = "endless_time"
    # It answers something else.
    WRONG_ASK_ID = "wrong_ask_id"
    WRONG_NONCE = "wrong_nonce"
    ANSWERS_TWICE = "answers_twice"
    REPLAYS = "replays"
    OTHER_PERSON = "other_person"
    CLAIMS_ANOTHER_AGENCY = "claims_another_agency"
    WITHHOLDS_YET_SENDS = "withholds_yet_sends"
    # What it says is more, or other, than may be shown.
    UNASKED_FIELDS = "unasked_fields"
    UNASKED_PEOPLE = "unasked_people"
    UNFIT_VALUES = "unfit_values"
    FORGED_DATES = "forged_dates"
    # What it says of its journal cannot be.
    WITNESSES_WHAT_NEVER_WAS = "witnesses_what_never_was"
    WITNESSES_WITHOUT_END = "witnesses_without_end"

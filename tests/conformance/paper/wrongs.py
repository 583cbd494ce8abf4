"""The ways in which the paper agency's adapter goes wrong, each with the one rule of the suite that it breaks."""

from enum import StrEnum
from typing import Self


class Wrong(StrEnum):
    """Is one thing that an adapter must not do; its value is the rule that must be named for it."""

    rule: str

    def __new__(cls, word: str, rule: str) -> Self:
        made = str.__new__(cls, word)
        made._value_ = word
        made.rule = rule
        return made

    SPEAKS_ANOTHER_VERSION = "speaks_another_version", "connects"
    DECLARES_TOO_MUCH = "declares_too_much", "declares"
    NEVER_PONGS = "never_pongs", "echoes-pings"
    MAPS_WRONGLY = "maps_wrongly", "answers-known"
    ERROR_FOR_UNKNOWN = "error_for_unknown", "unknown-is-nothing"
    EVERYBODY_WITHOUT_KEYS = "everybody_without_keys", "no-keys-nobody"
    ANSWERS_ANYTHING = "answers_anything", "undeclared-question"
    EMPTIES_BATCHES = "empties_batches", "answers-batches"
    SENDS_ALL_FIELDS = "sends_all_fields", "asked-fields-only"
    ADDS_A_NOTE = "adds_a_note", "asked-fields-only"
    NAMES_NO_SOURCE = "names_no_source", "tables-in-form"
    WRITES_DAYS_AS_IT_LIKES = "writes_days_as_it_likes", "values-fit"

    WITHHOLDS_SHIELDED = "withholds_shielded", "shielded-like-unknown"
    HESITATES_OVER_SHIELDED = "hesitates_over_shielded", "shielded-takes-as-long"
    TELLS_OF_SHIELDED_IF_NEAR = "tells_of_shielded_if_near", "shielded-in-wide-asks"
    COMPARES_BY_LETTER = "compares_by_letter", "found-otherwise"
    SENDS_A_CROWD = "sends_a_crowd", "crowds-not-sent"
    CUTS_A_CROWD_SHORT = "cuts_a_crowd_short", "crowds-not-sent"
    FORGETS_SHIELDS = "forgets_shields", "shield-travels"
    OVERRULES_THE_VETO = "overrules_the_veto", "veto-honoured"
    ANSWERS_WHAT_IS_REFUSED = "answers_what_is_refused", "refusals-honoured"
    FINDS_EVERYBODY = "finds_everybody", "search-honours-criteria"
    TELLS_OF_THE_FIRST = "tells_of_the_first", "search-bounded"
    FINDS_THE_SHIELDED = "finds_the_shielded", "search-hides-the-protected"
    SEARCHES_WITH_ALL_FIELDS = "searches_with_all_fields", "search-asked-fields-only"
    BELIEVES_CONDITIONS = "believes_conditions", "injection-finds-nobody"
    PASSES_CONTROL_CHARACTERS = "passes_control_characters", "hostile-values-harmless"
    NEVER_LOOKS_AGAIN = "never_looks_again", "takes-back"
    TRUSTS_ANY_NAME = "trusts_any_name", "refuses-imposters"
    NEVER_WITNESSES = "never_witnesses", "receipts-acknowledged"
    KEEPS_RECEIPTS_IN_MEMORY = "keeps_receipts_in_memory", "receipts-kept"
    FORGETS_THE_FIRST_RECEIPT = "forgets_the_first_receipt", "journal-has-every-receipt"
    TELLS_THE_NEWEST_ONLY = "tells_the_newest_only", "journal-tells-who-asked"
    NAMES_STAFF = "names_staff", "journal-tells-who-asked"
    TELLS_ANYBODY = "tells_anybody", "journal-tells-nobody-else"
    TELLS_OF_THE_PROTECTED = "tells_of_the_protected", "journal-tells-nobody-else"
    OVERLOOKS_GAPS = "overlooks_gaps", "receipts-without-a-gap"
    BELIEVES_EVERYTHING = "believes_everything", "wrong-proofs-refused"
    REFUSES_IN_SILENCE = "refuses_in_silence", "wrong-proofs-refused"
    IGNORES_CONTACTS = "ignores_contacts", "contacts-kept"
    IGNORES_NOTICES = "ignores_notices", "notices-kept"
    ACKNOWLEDGES_ANYTHING = "acknowledges_anything", "notices-understood"
    ADDS_A_SIBLING = "adds_a_sibling", "one-person-only"
    SENDS_RECORDS_BESIDE = "sends_records_beside", "records-with-answers-only"
    FORGETS_NONCES = "forgets_nonces", "nonces-echoed"
    ANSWERS_TWICE = "answers_twice", "answers-once"
    SAYS_HELLO_AGAIN = "says_hello_again", "introduces-itself-once"
    WRITES_LATIN_1 = "writes_latin_1", "frames-readable"
    SENDS_TOO_MUCH = "sends_too_much", "frames-bounded"
    ADDS_A_REMARK = "adds_a_remark", "nothing-beyond-the-contract"
    PRINTS_KEYS = "prints_keys", "prints-nobody"
    PRINTS_ITS_SETTINGS = "prints_its_settings", "secrets-stay-inside"

    TURNS_A_CROWD_AWAY = "turns_a_crowd_away", "hundred-at-once"
    IGNORES_DEADLINES = "ignores_deadlines", "deadline-kept"
    ANSWERS_WHAT_WAS_DROPPED = "answers_what_was_dropped", "dropped-is-let-go"
    NOTHING_WHEN_STOPPED = "nothing_when_stopped", "stopped-is-said"
    NOTHING_WHEN_GARBLED = "nothing_when_garbled", "garbled-is-said"
    NEVER_GROWS_OLD = "never_grows_old", "stale-is-said"
    FORGETS_AT_DRAIN = "forgets_at_drain", "drains-without-loss"
    ENDS_WITH_ITS_LINK = "ends_with_its_link", "bears-resets"
    WAITS_FOR_EVER = "waits_for_ever", "gives-up-dead-links"
    STORMS = "storms", "comes-back"
    STOPS_DEAD = "stops_dead", "stops-without-loss"
    TAKES_TOO_LONG_OVER_NOBODY = "takes_too_long_over_nobody", "answers-in-time"

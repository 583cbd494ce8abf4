"""Every rule of the suite, in the order in which they are tried."""

from adapters.conformance.held_link import Oddity
from adapters.conformance.rules import Level, Rule, Trial
from adapters.conformance.trials import (
    answering,
    bearing,
    faults,
    hostility,
    keeping,
    noticing,
    searching,
    silence,
    wider,
    wire,
)

B, S, G = Level.BRONZE, Level.SILVER, Level.GOLD
FIRST, KNOWN, UNKNOWN = "connects", "answers-known", "unknown-is-nothing"
LINKS, RECORDS, ADAPTERS = "links.proto", "records.proto", "docs/adapters.md"


def rules() -> tuple[Rule, ...]:
    """List them."""
    return (*_bronze(), *_silver(), *_gold())


def _bronze() -> tuple[Rule, ...]:
    return (
        _rule("connects", B, "It dials out over mutual TLS and introduces itself first.", LINKS, answering.connects),
        _rule("declares", B, "It declares the questions that it answers or refuses, as the catalogue spells them.",
              f"{LINKS}, Hello", answering.declares),
        _rule("echoes-pings", B, "It echoes each ping.", f"{LINKS}, ConnectRequest.pong", answering.echoes_pings),
        _rule("answers-known", B, "It answers each of its questions about somebody known, with what its source holds.",
              f"{LINKS}, Reply", answering.answers_known),
        _rule("unknown-is-nothing", B, "Somebody unknown is nothing held, and no error.", ADAPTERS,
              answering.unknown_is_nothing),
        _rule("no-keys-nobody", B, "An ask without a usable key finds nobody.", f"{RECORDS}, PersonKeys",
              answering.no_keys_nobody),
        _rule("undeclared-question", B, "A question that it does not declare is unable or refused.",
              f"{LINKS}, ReplyStatus", answering.undeclared_question),
        _rule("answers-batches", B, "Asks that come in one message are answered each for itself.",
              f"{LINKS}, ConnectResponse.asks", answering.answers_batches).needing(KNOWN, UNKNOWN),
        _rule("asked-fields-only", B, "It sends no field that was not asked for.", f"{RECORDS}, Records.columns",
              answering.asked_fields_only).needing(KNOWN).at_the_end(),
        _rule("tables-in-form", B, "Every table has the contract's form.", f"{RECORDS}, Records",
              answering.tables_in_form).at_the_end(),
        _rule("values-fit", B, "Every value fits the type of its field.", "the hub's catalogue",
              answering.values_fit).at_the_end(),
    )  # fmt: skip


def _silver() -> tuple[Rule, ...]:
    return (
        _rule("shielded-like-unknown", S, "Whoever is shielded reads as unknown, in the same bytes.",
              "decision 0020", silence.shielded_like_unknown).needing(UNKNOWN),
        _rule("shielded-takes-as-long", S, "To keep silent takes as long as to find nobody.", "decision 0020",
              silence.shielded_takes_as_long).needing("shielded-like-unknown"),
        _rule("shield-travels", S, "Rows of whoever is shielded say so, to those who may see them.",
              f"{RECORDS}, Terms.shield", silence.shield_travels),
        _rule("veto-honoured", S, "What the agency keeps back stays, and reads as unknown to whoever may not know.",
              f"{LINKS}, REPLY_STATUS_WITHHELD", silence.veto_honoured).needing(UNKNOWN),
        _rule("shielded-in-wide-asks", S, "Whoever is shielded or withheld reads as unknown in a wide ask, too.",
              "decision 0034", wider.shielded_in_wide_asks).needing("shielded-like-unknown", "veto-honoured"),
        _rule("found-otherwise", S, "Whoever it says it finds under another spelling is found in a wide ask.",
              f"{LINKS}, LookingWidth", wider.found_otherwise).needing(KNOWN),
        _rule("crowds-not-sent", S, "Where more people are near than the ask allows, none is sent.",
              f"{LINKS}, Looking.most_people", wider.crowds_not_sent).needing(KNOWN),
        _rule("refusals-honoured", S, "A question that the agency refuses is refused, whoever it is about.",
              f"{LINKS}, REPLY_STATUS_REFUSED", silence.refusals_honoured),
        _rule("search-honours-criteria", S, "A search finds whoever fits every criterion, and nobody else.",
              f"{RECORDS}, Criteria", searching.criteria_honoured),
        _rule("search-bounded", S, "Where more people fit a search than may be told of, none is.",
              f"{LINKS}, Looking.most_people", searching.bounded),
        _rule("search-hides-the-protected", S, "Whoever is hidden is absent from a search, in the same bytes.",
              "decision 0037", searching.hidden_absent).needing("search-honours-criteria"),
        _rule("search-asked-fields-only", S, "A search brings no field that was not asked for.",
              f"{RECORDS}, Records.columns", searching.asked_fields_only).needing("search-honours-criteria"),
        _rule("injection-finds-nobody", S, "What looks like a query in a key finds nobody and breaks nothing.",
              f"{ADAPTERS}, Reads only", hostility.injection_finds_nobody).needing(KNOWN, UNKNOWN),
        _rule("hostile-values-harmless", S, "Hostile values in records are made harmless or refused.",
              "docs/policies.md, fields", hostility.hostile_values_harmless).needing(KNOWN),
        _rule("takes-back", S, "Answers are taken back when the source lets less leave.",
              f"{LINKS}, Withdrawal; decision 0016", wire.takes_back),
        _rule("refuses-imposters", S, "It speaks to no hub that cannot prove who it is.", f"{ADAPTERS}, Dials out",
              wire.refuses_imposters),
        _rule("receipts-acknowledged", S, "Receipts that are proven are kept and acknowledged.",
              f"{LINKS}, Witnessed; decision 0018", keeping.receipts_acknowledged).needing(KNOWN),
        _rule("receipts-kept", S, "What was acknowledged is there after a kill.", "decision 0018",
              keeping.receipts_kept).needing("receipts-acknowledged"),
        _rule("journal-has-every-receipt", S, "The journal names every receipt of a span by its hash.",
              f"{LINKS}, HeldReceipt", keeping.journal_has_every_receipt).needing("receipts-kept"),
        _rule("journal-tells-who-asked", S, "The journal tells a person who asked, and names no member of staff.",
              f"{LINKS}, JournalEntry; decision 0023", keeping.journal_tells_who_asked).needing("receipts-kept"),
        _rule("journal-tells-nobody-else", S, "Of somebody unknown or shielded, nobody has ever asked.",
              "decision 0023", keeping.journal_tells_nobody_else).needing("receipts-kept"),
        _rule("receipts-without-a-gap", S, "Receipts of which one is missing are refused.", f"{LINKS}, Receipt.number",
              keeping.receipts_without_a_gap).needing("receipts-kept"),
        _rule("wrong-proofs-refused", S, "What does not follow by proof is refused, and the hub is told.",
              "decision 0017", keeping.wrong_proofs_refused).needing("receipts-kept"),
        _rule("contacts-kept", S, "A contact is kept and acknowledged, whoever it is about.", f"{LINKS}, Contact",
              keeping.contacts_kept),
        _rule("notices-kept", S, "A notice is kept and acknowledged, also one that is there already.",
              f"{LINKS}, Notice; decision 0036", noticing.notices_kept),
        _rule("notices-understood", S, "A notice about nothing that it knows is not acknowledged.",
              f"{LINKS}, Notice.about", noticing.notices_understood).needing("notices-kept"),
        _rule("one-person-only", S, "Every row is about the person of the ask.", f"{RECORDS}, PersonKeys",
              answering.one_person_only).at_the_end(),
        _rule("records-with-answers-only", S, "No reply but an answer carries records.", f"{LINKS}, Reply.records",
              silence.nothing_beside_a_refusal).at_the_end(),
        _rule("nonces-echoed", S, "Every reply echoes its ask's nonce.", f"{LINKS}, Ask.nonce",
              wire.never(Oddity.WRONG_NONCE, "Copy `nonce` from the ask into its reply.")).at_the_end(),
        _rule("answers-once", S, "Every reply is to an ask, and is the only one.", f"{LINKS}, Reply.ask_id",
              wire.never(Oddity.UNASKED, "Send one reply for each ask, with its `ask_id`.")).at_the_end(),
        _rule("introduces-itself-once", S, "It introduces itself once on each link.", f"{LINKS}, ConnectRequest.hello",
              wire.never(Oddity.HELLO_AGAIN, "Set `hello` in the first message of a link only.")).at_the_end(),
        _rule("frames-readable", S, "Every message is one of the contract, with text in UTF-8.",
              f"{LINKS}, ConnectRequest",
              wire.never(Oddity.UNREADABLE, "Encode every text as UTF-8 before it is sent.")).at_the_end(),
        _rule("frames-bounded", S, "No message is larger than 1 MiB.", f"{LINKS}, ConnectRequest",
              wire.never(Oddity.TOO_LARGE, "Send the replies of several messages, or fewer rows.")).at_the_end(),
        _rule("nothing-beyond-the-contract", S, "Nothing is sent that the contract has no place for.",
              f"{LINKS}, ConnectRequest",
              wire.never(Oddity.BEYOND, "Build messages from the .proto files of this version.")).at_the_end(),
        _rule("prints-nobody", S, "Nothing of a person, a case or a requester is printed.", f"{ADAPTERS}, Logs",
              hostility.prints_nobody).at_the_end(),
        _rule("secrets-stay-inside", S, "The source's credentials are neither printed nor sent.", f"{ADAPTERS}, Logs",
              hostility.secrets_stay_inside).at_the_end(),
    )  # fmt: skip


def _gold() -> tuple[Rule, ...]:
    return (
        _rule("hundred-at-once", G, "A hundred asks at once are answered in their time.",
              f"{ADAPTERS}, Keeps within its time", bearing.hundred_at_once).needing(KNOWN, UNKNOWN),
        _rule("deadline-kept", G, "A slow source is said to be down before the ask's time is over.",
              f"{LINKS}, Ask.remaining_ms", faults.deadline_kept),
        _rule("dropped-is-let-go", G, "An ask that was given up brings no reply.", f"{LINKS}, ConnectResponse.dropped",
              faults.dropped_is_let_go),
        _rule("stopped-is-said", G, "A source that is stopped never reads as nothing held.",
              f"{LINKS}, REPLY_STATUS_SOURCE_DOWN", faults.stopped_is_said),
        _rule("garbled-is-said", G, "A source that answers half never reads as nothing held.",
              f"{LINKS}, REPLY_STATUS_SOURCE_DOWN", faults.garbled_is_said),
        _rule("stale-is-said", G, "Rows of a source that has grown old say how old they are.",
              f"{RECORDS}, Records.record_dates", faults.stale_is_said),
        _rule("drains-without-loss", G, "When the hub goes away, asks are finished and another link is there before.",
              f"{LINKS}, ConnectResponse.drain", bearing.drains_without_loss).needing(KNOWN, UNKNOWN),
        _rule("bears-resets", G, "A link that is reset, also while asks are out, is dialled again.",
              f"{ADAPTERS}, Keeps within its time", bearing.bears_resets).needing(KNOWN, UNKNOWN),
        _rule("gives-up-dead-links", G, "A link that is silent for three pings is given up.",
              f"{LINKS}, Welcome.ping_seconds", bearing.gives_up_dead_links).needing(KNOWN, "bears-resets"),
        _rule("comes-back", G, "It comes back to a hub that was away, and does not storm it meanwhile.",
              f"{ADAPTERS}, Dials out", bearing.comes_back).needing(KNOWN, "bears-resets"),
        _rule("stops-without-loss", G, "On SIGTERM it finishes what it has.", f"{LINKS}, ConnectRequest.draining",
              bearing.stops_without_loss).needing(KNOWN, UNKNOWN),
        _rule("answers-in-time", G, "No reply comes after its ask's time.", f"{LINKS}, Ask.remaining_ms",
              wire.never(Oddity.LATE, "Give up reading a little before `remaining_ms` is over.")).at_the_end(),
    )  # fmt: skip


def _rule(name: str, level: Level, says: str, source: str, trial: Trial) -> Rule:
    """Make a rule; all but the first can be tried only if the adapter connects."""
    needs = () if name == FIRST else (FIRST,)
    return Rule(id=name, level=level, says=says, source=source, trial=trial, needs=needs)

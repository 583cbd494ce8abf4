// Answers questions to the journal: which receipts it holds, and who asked about a person.

import * as club from "./club.js";
import { LONGEST_SPAN, MOST_ENTRIES, Status } from "./contract.js";
import { kindOf, tell } from "./log.js";
import { find, usableKeys } from "./looking.js";
import { within } from "./waiting.js";

export class JournalAsks {
  #register;
  #journal;

  constructor(register, journal) {
    this.#register = register;
    this.#journal = journal;
  }

  async answer(ask) {
    try {
      if (ask.about === "receipts") return replyTo(ask, { receipts: this.#inSpan(ask.receipts) });
      if (ask.about === "person") return replyTo(ask, { entries: await this.#about(ask) });
      return replyTo(ask, { status: Status.UNABLE });
    } catch (fault) {
      tell("journal_ask_failed", { kind: kindOf(fault), request_id: ask.request_id });
      return replyTo(ask, { status: Status.SOURCE_DOWN });
    }
  }

  // They are numbered from 1 without a gap, so a number is a place.
  #inSpan(span) {
    const first = Math.max(1, Number(span.first));
    const last = Math.min(Number(span.last), first + LONGEST_SPAN - 1);
    const held = this.#journal.receipts.slice(first - 1, last);
    return held.map(({ number, leaf }) => ({ number, leaf: Buffer.from(leaf, "base64") }));
  }

  // Finds the person as an ask would, and joins what was told of that member with the receipts of those requests. Where an
  // ask would be answered as if nobody were known, nobody has ever looked.
  async #about(ask) {
    const keys = usableKeys(ask.person);
    if (!keys) return [];
    const { meant, touched } = find(await within(ask.remaining_ms * 0.8, this.#register.members()), keys);
    if (touched.some((member) => club.protection(member) || club.isKeptBack(member))) return [];
    const requests = new Set(meant.flatMap(({ number }) => [...(this.#journal.told.get(number) ?? [])]));
    const entries = this.#journal.receipts.map(({ entry }) => JSON.parse(entry));
    // The newest, oldest first: there may be more than can be sent.
    return entries.filter((said) => said.kind === "disclosure" && requests.has(said.request)).slice(-MOST_ENTRIES).map(told);
  }
}

function replyTo(ask, { status = Status.ANSWERED, entries = [], receipts = [] }) {
  return { ask_id: ask.ask_id, status, entries, receipts };
}

const TOLD = ["requester_agency", "access_level", "question", "purpose", "lawful_basis"];

// What the person may know. Which member of staff it was is told to nobody.
function told(said) {
  return {
    request_id: String(said.request),
    disclosed_at_ms: Number(said.at_ms) || 0,
    ...Object.fromEntries(TOLD.map((name) => [name, String(said[name] ?? "")])),
    fields: Array.isArray(said.fields) ? said.fields.map(String) : [],
  };
}

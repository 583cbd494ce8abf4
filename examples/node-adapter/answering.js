// Answers one ask: looks, keeps back what may not leave, journals, and only then lets a reply go.

import * as club from "./club.js";
import { LARGEST_REPLY, MOST_ROWS, Status, serialized } from "./contract.js";
import { kindOf, tell } from "./log.js";
import { find, usableKeys } from "./looking.js";
import { within } from "./waiting.js";

// Kept of an ask's time for the journal and the way back.
const LONGEST_MARGIN_MS = 100;

export class Answering {
  #register;
  #journal;

  constructor(register, journal) {
    this.#register = register;
    this.#journal = journal;
  }

  // Answers in the ask's time, whatever goes wrong; says also which members are told of, for the watch.
  async answer(ask, largest = LARGEST_REPLY) {
    let result = await this.#look(ask, Math.min(largest, LARGEST_REPLY));
    try {
      await this.#journal.append(entryOf(ask, result));
    } catch (fault) {
      // What cannot be journalled does not leave.
      tell("journal_failed", { kind: kindOf(fault), request_id: ask.request_id });
      result = { status: Status.SOURCE_DOWN };
    }
    return { reply: replyTo(ask, result), told: result.told ?? [] };
  }

  // Of an ask that was given up nothing leaves, but the journal knows that it was asked.
  async dropped(ask) {
    await this.#journal.append(entryOf(ask, { outcome: "dropped" }));
  }

  async #look(ask, largest) {
    if (club.REFUSED.has(ask.question)) return { status: Status.REFUSED, outcome: "refused" };
    const fields = club.QUESTIONS.get(ask.question);
    const keys = usableKeys(ask.person);
    if (!fields || !keys) return { status: Status.UNABLE, outcome: "unable" };
    const margin = Math.min(LONGEST_MARGIN_MS, ask.remaining_ms / 10);
    try {
      const members = await within(ask.remaining_ms - margin, this.#register.members());
      const result = decided(ask, fields, find(members, keys));
      const { length } = serialized({ replies: [replyTo(ask, result)] });
      return length > largest ? { status: Status.SOURCE_DOWN, outcome: "too_much" } : result;
    } catch (fault) {
      tell("source_down", { kind: kindOf(fault), question: ask.question, request_id: ask.request_id });
      return { status: Status.SOURCE_DOWN, outcome: "source_down" };
    }
  }
}

// What of those who were found may be told to whom. Of one whom the club protects or keeps back nothing is told, not even
// that he or she is there: the table of somebody unknown, in the same bytes. Only whoever may see the protected hears that
// something is kept back.
function decided(ask, fields, { meant, touched }) {
  const isHidden = touched.some((member) => {
    const protection = club.protection(member);
    return protection === club.Protection.ABSOLUTE || (protection && !ask.with_shielded);
  });
  const isKeptBack = touched.some(club.isKeptBack);
  const kept_back = touched.map((member) => member.number);
  if (!isHidden && isKeptBack && ask.with_shielded) return { status: Status.WITHHELD, outcome: "withheld", kept_back };
  if (isHidden || isKeptBack) return { ...tableOf(ask, fields, []), outcome: isHidden ? "shielded" : "withheld", kept_back };
  if (meant.length > MOST_ROWS) return { status: Status.SOURCE_DOWN, outcome: "too_much" };
  return { ...tableOf(ask, fields, meant), outcome: "answered", told: meant };
}

function tableOf(ask, fields, members) {
  const columns = [...new Set(ask.fields)];
  const said = members.map((member) => JSON.stringify(club.termsOf(member)));
  const terms = [...new Set(said)];
  const records = {
    columns,
    // What is not asked for is not even read.
    cells: members.flatMap((member) => columns.map((name) => fields.get(name)?.(member) ?? "")),
    record_dates: members.map(club.changedOn),
    source: club.SOURCE,
    retrieved_at_ms: Date.now(),
    // Each thing once; a row has the place of what is said of it, counted from 1.
    terms: terms.map((one) => JSON.parse(one)),
    terms_of_row: said.map((one) => terms.indexOf(one) + 1),
  };
  return { status: Status.ANSWERED, records };
}

export function replyTo(ask, { status, records = null }) {
  return { ask_id: ask.ask_id, nonce: ask.nonce, status, records };
}

// What the club wants to know later: who asked what, why, on what ground, and of whom was told.
function entryOf(ask, { outcome, told = [], kept_back = [] }) {
  const { request_id, question, fields, purpose, lawful_basis, special_condition, ground, override_reason } = ask;
  const { case_reference, requester, requester_agency, access_level, policy_version, break_glass } = ask;
  return {
    kind: "ask",
    outcome,
    members: told.map((member) => member.number),
    kept_back,
    ...{ request_id, question, fields, purpose, lawful_basis, special_condition, ground, override_reason },
    ...{ case_reference, requester, requester_agency, access_level, policy_version, break_glass },
  };
}

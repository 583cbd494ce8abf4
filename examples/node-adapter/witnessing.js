// Witnesses the hub's log: what it says is believed when it follows, by proof, from what was believed before.

import { tell } from "./log.js";
import { EMPTY_ROOT, leafHash, provesConsistency, provesInclusion, readNote } from "./verifying.js";

const MOST_RECEIPTS = 1_000;
const MOST_REFUSALS = 1_000;
const LONGEST_NOTE = 1_000;
const KEY_BYTES = 32;

class NotBelieved extends Error {}

// How far the journal has come, in the contract's words.
export function witnessed({ size, root, last_receipt, has_refused }) {
  return { size, root: Buffer.from(root, "base64"), last_receipt, has_refused };
}

// One link's witness. Several links share a journal while one replaces another.
export class Witness {
  #agency;
  #journal;
  // What this link has told the hub: that is where its next proof begins.
  #said;
  #turn = Promise.resolve();

  constructor(agency, journal) {
    this.#agency = agency;
    this.#journal = journal;
  }

  // What is to be said after the welcome; nothing to a hub that keeps no log. The first log that the journal meets is the
  // one that it trusts from then on.
  async begin({ log_origin: origin, log_key: key }) {
    if (!origin) return null;
    const known = this.#journal.standing;
    const isKnown = !known.origin || (known.origin === origin && known.key === key.toString("base64"));
    this.#said = known.origin ? known : { ...known, origin, key: key.toString("base64") };
    if (!isKnown || key.length !== KEY_BYTES) await this.#refuse("another log, or another key", origin);
    return this.#say();
  }

  // Takes a batch after those before it, and says how far the journal has come with it.
  take(receipts, checkpoint) {
    // A hub that keeps no log has nothing to prove.
    if (!this.#said) return Promise.resolve(null);
    const taken = this.#turn.then(() => this.#take(receipts, checkpoint));
    this.#turn = taken.catch(() => {});
    return taken;
  }

  async #take(receipts, checkpoint) {
    try {
      const state = believed(this.#said, checkpoint);
      const held = proven(this.#agency, this.#said.last_receipt, receipts, state);
      await this.#keep(state, checkpoint.note, held);
    } catch (fault) {
      if (!(fault instanceof NotBelieved)) throw fault;
      await this.#refuse(fault.message, checkpoint?.note ?? "");
    }
    return this.#say();
  }

  // Receipts and the state that covers them are one line of the journal: both are there after a crash, or neither.
  async #keep(state, note, receipts) {
    const { origin, key, size, last_receipt } = this.#said;
    const now = this.#journal.standing;
    // Another link was quicker; the hub hears from where to go on.
    if (now.size !== size || now.last_receipt !== last_receipt) return;
    const root = state.root.toString("base64");
    await this.#journal.append({ kind: "receipts", origin, key, size: state.size, root, note, receipts });
  }

  async #refuse(why, note) {
    tell("log_refused", { why });
    if (this.#journal.refusals >= MOST_REFUSALS) return;
    await this.#journal.append({ kind: "refusal", why, note: note.slice(0, LONGEST_NOTE) });
  }

  #say() {
    const now = this.#journal.standing;
    this.#said = now.origin ? now : { ...now, origin: this.#said.origin, key: this.#said.key };
    return witnessed(this.#said);
  }
}

// The state that a checkpoint attests, if it continues what stands.
function believed(standing, checkpoint) {
  if (!checkpoint) throw new NotBelieved("receipts came without a state of the log");
  const state = readNote(checkpoint.note, standing.origin, Buffer.from(standing.key, "base64"));
  if (!state) throw new NotBelieved("the state of the log was not signed with its key");
  if (Number(checkpoint.from_size) !== standing.size) throw new NotBelieved("the proof begins somewhere else");
  const before = { size: standing.size, root: standing.size ? Buffer.from(standing.root, "base64") : EMPTY_ROOT };
  if (!provesConsistency(before, state, checkpoint.consistency)) {
    throw new NotBelieved("the log does not continue what it was");
  }
  return state;
}

// Receipts that are in the log as signed, this agency's, and numbered without a gap.
function proven(agency, after, receipts, state) {
  if (receipts.length > MOST_RECEIPTS) throw new NotBelieved("more receipts than a batch may have");
  return receipts.map((receipt, place) => {
    if (Number(receipt.number) !== after + place + 1) throw new NotBelieved("a receipt is missing");
    const [leaf, position] = [leafHash(receipt.entry), Number(receipt.audit_position)];
    if (!provesInclusion(leaf, position, state, receipt.proof)) throw new NotBelieved("a receipt is not in the log");
    if (said(receipt.entry).agency !== agency) throw new NotBelieved("a receipt names another agency");
    // As it came: the leaf is the hash of these bytes and of no others.
    const [entry, proof] = [receipt.entry.toString("utf8"), receipt.proof.map((one) => one.toString("base64"))];
    return { number: after + place + 1, position, leaf: leaf.toString("base64"), entry, proof };
  });
}

function said(entry) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entry)) ?? {};
  } catch {
    throw new NotBelieved("a receipt cannot be read");
  }
}

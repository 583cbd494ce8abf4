// Watches, while the hub holds an answer, whether it may still be shown; takes it back when less may leave.

import * as club from "./club.js";
import { tell } from "./log.js";

const LOOK_MS = 500;
// No session of a hub lasts longer.
const LONGEST_MS = 12 * 3600 * 1000;
// A link that is dead is found to be so in less.
const UNHEARD_MS = 120_000;
// After so long without being able to look, nobody knows whether an answer still stands.
const UNSEEN_MS = 60_000;

export class Watching {
  #register;
  #journal;
  #watches = new Map();
  #links = [];
  // What was taken back, and when that was said; never, where there was no link.
  #takenBack = new Map();
  #timer;

  constructor(register, journal) {
    this.#register = register;
    this.#journal = journal;
    this.#timer = setTimeout(() => this.#lookAgain(), LOOK_MS);
  }

  begin(request_id, members) {
    const said = new Map(members.map((member) => [member.number, saidOf(member)]));
    this.#watches.set(request_id, { said, seen: Date.now(), until: Date.now() + LONGEST_MS });
  }

  end(request_id) {
    this.#watches.delete(request_id);
  }

  // A link over which answers can be taken back. What could not be said before is said now, and what the hub may not have
  // heard over the last one is said again.
  attach(takeBack) {
    this.#links.push(takeBack);
    for (const request_id of this.#takenBack.keys()) this.#say(request_id);
  }

  // The hub may hold what was answered over a link that has ended, so that is watched on.
  detach(takeBack) {
    this.#links = this.#links.filter((one) => one !== takeBack);
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #lookAgain() {
    const members = await this.#register.members().catch(() => null);
    const now = members && new Map(members.map((member) => [member.number, member]));
    for (const [request_id, watch] of this.#watches) this.#look(request_id, watch, now);
    this.#forgetHeard();
    if (this.#timer) this.#timer = setTimeout(() => this.#lookAgain(), LOOK_MS);
  }

  #look(request_id, watch, now) {
    if (Date.now() > watch.until) this.#watches.delete(request_id);
    else if (now === null && Date.now() - watch.seen > UNSEEN_MS) this.#takeBack(request_id);
    else if (now !== null) {
      watch.seen = Date.now();
      // Whatever has changed: what is taken back too often is asked once more, what is not taken back has been seen.
      const stands = [...watch.said].every(([number, said]) => now.has(number) && saidOf(now.get(number)) === said);
      if (!stands) this.#takeBack(request_id);
    }
  }

  #takeBack(request_id) {
    this.#watches.delete(request_id);
    tell("answer_taken_back", { request_id });
    this.#say(request_id);
    // To take back is never put off for a journal that cannot be written; that it cannot is told by `failed`.
    this.#journal.append({ kind: "withdrawal", request_id }).catch(() => {});
  }

  #say(request_id) {
    const link = this.#links.at(-1);
    const said = this.#takenBack.get(request_id) ?? Infinity;
    this.#takenBack.set(request_id, link ? Math.min(said, Date.now()) : said);
    link?.(request_id);
  }

  #forgetHeard() {
    for (const [request_id, said] of this.#takenBack) {
      if (said !== Infinity && Date.now() - said > UNHEARD_MS) this.#takenBack.delete(request_id);
    }
  }
}

function saidOf(member) {
  return JSON.stringify([club.termsOf(member), club.isKeptBack(member)]);
}

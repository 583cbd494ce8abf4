// One link to the hub: a stream over mutual TLS on which asks come in and replies go out, until either side ends it.

import { randomBytes } from "node:crypto";
import * as club from "./club.js";
import { CONTRACT, LARGEST_REPLY, Status } from "./contract.js";
import { kindOf, tell } from "./log.js";
import { Outbox } from "./outbox.js";
import { replyTo } from "./answering.js";
import { Signal, sleep } from "./waiting.js";
import { Witness } from "./witnessing.js";

const WELCOME_MS = 3_000;
const SILENT_PINGS = 3;
const MOST_WAITING = 1_024;
// How long what the hub has asked, before it hears that this link drains, may be on its way.
const LATE_MS = 250;
const FAREWELL_MS = 2_000;

export class Link {
  welcomed = new Signal();
  // Set when the hub says that it is going away.
  leaving = new Signal();
  #rooms;
  #stream;
  #outbox;
  #witness;
  #welcome = null;
  #asks = new Map();
  #watched = new Map();
  #alarm;
  #retiring;

  // Takes an open stream, and the rooms that all links share: answering, journalAsks, watching, journal.
  constructor(stream, rooms) {
    this.#stream = stream;
    this.#rooms = rooms;
    this.#outbox = new Outbox(stream);
    this.#witness = new Witness(club.AGENCY, rooms.journal);
  }

  // Holds the link until it ends; says whether it did so in peace.
  async hold() {
    const takeBack = (request_id) => this.#outbox.put({ withdrawals: [{ request_id }] });
    this.#stream.on("error", () => {});
    this.#giveUpAfter(WELCOME_MS);
    this.#outbox.put({ hello: hello() });
    try {
      for await (const message of this.#stream) {
        if (!this.#welcome) this.#begin(message.welcome, takeBack);
        this.#giveUpAfter(this.#welcome.ping_seconds * 1_000 * SILENT_PINGS);
        this.#takeIn(message);
      }
      tell("link_ended");
    } catch (fault) {
      tell("link_lost", { kind: typeof fault?.code === "number" ? `grpc ${fault.code}` : kindOf(fault) });
    } finally {
      clearTimeout(this.#alarm);
      this.#rooms.watching.detach(takeBack);
      for (const ask of [...this.#asks.values()]) this.#giveUp(ask);
      this.#outbox.close();
      this.#stream.cancel();
    }
  }

  // Takes no further asks, finishes what it has, and ends the link from this side.
  retire() {
    this.#retiring ??= this.#retire();
    return this.#retiring;
  }

  async #retire() {
    if (this.welcomed.isSet) {
      this.#outbox.put({ draining: true });
      await this.#outbox.emptied();
      await sleep(LATE_MS);
      while (this.#asks.size) await Promise.all([...this.#asks.values()].map(({ ended }) => ended));
      await this.#outbox.emptied();
      this.#stream.end();
      await sleep(FAREWELL_MS);
    }
    this.#stream.cancel();
  }

  #begin(welcome, takeBack) {
    if (welcome?.agency !== club.AGENCY) throw new TypeError("no welcome, or the certificate names another agency");
    this.#welcome = welcome;
    this.#rooms.watching.attach(takeBack);
    this.#witness.begin(welcome).then((witnessed) => witnessed && this.#outbox.put({ witnessed }), noted);
    this.welcomed.set();
    tell("link_welcomed");
  }

  // A link on which nothing comes for three pings is dead, whatever the network says.
  #giveUpAfter(milliseconds) {
    clearTimeout(this.#alarm);
    if (milliseconds) this.#alarm = setTimeout(() => this.#stream.cancel(), milliseconds);
  }

  // Begins everything that a message brings, and waits for none of it.
  #takeIn(message) {
    for (const ask of message.asks) this.#answer(ask);
    for (const ask_id of message.dropped) this.#drop(ask_id);
    if (message.ping !== "0") this.#outbox.put({ pong: message.ping });
    if (message.receipts.length || message.checkpoint) {
      const taken = this.#witness.take(message.receipts, message.checkpoint);
      taken.then((witnessed) => witnessed && this.#outbox.put({ witnessed }), noted);
    }
    for (const ask of message.journal_asks) {
      this.#rooms.journalAsks.answer(ask).then((reply) => this.#outbox.put({ journal_replies: [reply] }));
    }
    for (const contact of message.contacts) this.#keep(contact);
    for (const notice of message.notices) this.#note(notice);
    if (message.drain) this.leaving.set();
  }

  #answer(ask) {
    // A number that came twice would have two replies, of which the hub could believe the wrong one.
    if (this.#asks.has(ask.ask_id)) return;
    if (this.#asks.size >= MOST_WAITING) {
      this.#outbox.put({ replies: [replyTo(ask, { status: Status.SOURCE_DOWN })] });
      return;
    }
    const waiting = { ask, isDropped: false };
    this.#asks.set(ask.ask_id, waiting);
    waiting.ended = this.#rooms.answering.answer(ask, this.#welcome.max_reply_bytes || LARGEST_REPLY).then((answer) => {
      if (waiting.isDropped) return;
      this.#asks.delete(ask.ask_id);
      if (answer.told.length) {
        this.#watched.set(ask.ask_id, ask.request_id);
        this.#rooms.watching.begin(ask.request_id, answer.told);
      }
      this.#outbox.put({ replies: [answer.reply] });
    });
  }

  // The hub wants no answer any more, or holds the one that it got no longer.
  #drop(ask_id) {
    const waiting = this.#asks.get(ask_id);
    if (waiting) this.#giveUp(waiting);
    this.#rooms.watching.end(this.#watched.get(ask_id));
    this.#watched.delete(ask_id);
  }

  #giveUp(waiting) {
    waiting.isDropped = true;
    this.#asks.delete(waiting.ask.ask_id);
    this.#rooms.answering.dropped(waiting.ask).catch(noted);
  }

  // Whoever works at the club finds it in the journal; whether it is about somebody whom they know is told to nobody.
  #keep({ contact_id, ...contact }) {
    const kept = this.#rooms.journal.append({ kind: "contact", ...contact });
    kept.then(() => this.#outbox.put({ contact_replies: [{ contact_id }] }), noted);
  }

  // A difference that the journal has already is kept no second time, and acknowledged all the same. What is about
  // nothing that this program knows is ignored.
  #note({ notice_id, ...notice }) {
    if (!notice.about) return;
    const kept = this.#rooms.journal.note(notice);
    kept.then(() => this.#outbox.put({ notice_replies: [{ notice_id }] }), noted);
  }
}

function hello() {
  const questions = [...club.QUESTIONS.keys(), ...club.REFUSED];
  return { contract: CONTRACT, instance: randomBytes(12).toString("hex"), program: club.PROGRAM, questions };
}

// What the journal could not keep is not acknowledged. The program ends then, as adapter.js says.
function noted(fault) {
  tell("journal_failed", { kind: kindOf(fault) });
}

// The club's own journal: one file of JSON lines, numbered from 1 without a gap; what it has said is on the disk.

import { createHmac, randomBytes } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { Signal } from "./waiting.js";

export class JournalDamaged extends Error {}

export class Journal {
  // Set when the journal cannot be written any more; without it nothing may be told.
  failed = new Signal();
  // What can be asked of it later. Rebuilt from the file at each start.
  receipts = [];
  told = new Map();
  refusals = 0;
  // The differences that are kept, each by a digest under a key that stays in this file.
  #noticed = new Map();
  #noticeKey = randomBytes(32).toString("hex");
  standing = Object.freeze({ origin: "", key: "", size: 0, root: "", last_receipt: 0, has_refused: false });

  #file;
  #number = 0;
  #waiting = [];
  #writing = null;

  // Opens the file, readable by its owner only. A last line without its end was being written when the power failed:
  // nothing that it says has left the house, and it is taken off.
  static async open(path) {
    await mkdir(dirname(path), { recursive: true });
    const journal = new Journal();
    journal.#file = await open(path, "a+", 0o600);
    const content = await journal.#file.readFile();
    const whole = content.subarray(0, content.lastIndexOf("\n") + 1);
    await journal.#file.truncate(whole.length);
    for (const line of whole.toString("utf8").split("\n").slice(0, -1)) {
      journal.#understand(read(line, journal.#number + 1));
    }
    // The name of a new file is durable only once its folder is.
    const folder = await open(dirname(path), "r");
    await folder.sync().finally(() => folder.close());
    return journal;
  }

  // Writes an entry; ends once it is durable. Entries that wait share one write and one sync.
  append(entry) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  // Writes a notice, once for each difference: the same person, field and own value; or the same word on one answer.
  // What comes again while it is being written waits for it too.
  note({ request_id, person, about, difference, judgement }) {
    const said = difference ? [difference.field, difference.own] : [request_id, judgement.requester, judgement.is_same];
    const { nhs_number, upn, uln, given_name, family_name, date_of_birth } = person;
    const whom = [nhs_number, upn, uln, given_name, family_name, date_of_birth];
    const digest = createHmac("sha256", this.#noticeKey).update(JSON.stringify([about, whom, said])).digest("hex");
    if (!this.#noticed.has(digest)) {
      const members = [...this.told].filter(([, requests]) => requests.has(request_id)).map(([number]) => number);
      const { own, ...found } = difference ?? {};
      const entry = { kind: "notice", request_id, members, person, about, ...found, ...judgement };
      this.#noticed.set(digest, this.append({ ...entry, digest, key: this.#noticeKey }));
    }
    return this.#noticed.get(digest);
  }

  async #writeAll() {
    while (this.#waiting.length) {
      const batch = this.#waiting.splice(0);
      try {
        if (this.failed.isSet) throw new JournalDamaged();
        const at_ms = Date.now();
        const entries = batch.map(({ entry }, place) => ({ n: this.#number + place + 1, at_ms, ...entry }));
        await this.#file.appendFile(entries.map((one) => `${JSON.stringify(one)}\n`).join(""));
        await this.#file.datasync();
        for (const entry of entries) this.#understand(entry);
        for (const { resolve } of batch) resolve();
      } catch (fault) {
        // Nobody knows what is in the file now: the next start will see. Until then nothing is believed to be written.
        this.failed.set();
        for (const { reject } of batch) reject(fault);
      }
    }
    // Here and not when the promise ends: what is appended in between would wait for ever.
    this.#writing = null;
  }

  async close() {
    await this.#writing;
    await this.#file.close();
  }

  #understand(entry) {
    this.#number = entry.n;
    if (entry.kind === "ask") this.#remember(entry);
    if (entry.kind === "receipts") this.#accept(entry);
    if (entry.kind === "notice") {
      this.#noticeKey = entry.key;
      this.#noticed.set(entry.digest, Promise.resolve());
    }
    if (entry.kind === "refusal") {
      this.refusals += 1;
      this.standing = Object.freeze({ ...this.standing, has_refused: true });
    }
  }

  #accept({ origin, key, size, root, receipts }) {
    this.receipts.push(...receipts);
    this.standing = Object.freeze({ ...this.standing, origin, key, size, root, last_receipt: this.receipts.length });
  }

  #remember({ request_id, members }) {
    for (const number of members) {
      if (!this.told.has(number)) this.told.set(number, new Set());
      this.told.get(number).add(request_id);
    }
  }
}

function read(line, number) {
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    throw new JournalDamaged();
  }
  // A line that somebody has taken out shows.
  if (entry.n !== number) throw new JournalDamaged();
  return entry;
}

// The club's register: one JSON file that its own program writes; read in place, never written, never copied.

import { readFile, stat } from "node:fs/promises";

// A file that was written just now may be written once more in the same tick of its clock, and would look the same.
const SETTLED_MS = 2_000;

// Could not look: which is something else than that nobody is there.
export class SourceDown extends Error {}

export class Register {
  #file;
  #reading = null;
  #seen = "";
  #members = [];

  constructor(file) {
    this.#file = file;
  }

  // All members, as the file has them now. Asks that come while it is being read share one look: a share on the network
  // that hangs must not use up every thread that the journal needs.
  members() {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read() {
    let content, state, changed;
    try {
      const { ino, size, mtimeNs, mtimeMs } = await stat(this.#file, { bigint: true });
      [state, changed] = [`${ino} ${size} ${mtimeNs}`, Number(mtimeMs)];
      if (state === this.#seen) return this.#members;
      content = await readFile(this.#file);
    } catch {
      throw new SourceDown();
    }
    // Taken over together, and only once the file has proved to be whole.
    this.#members = understood(content);
    this.#seen = Date.now() - changed > SETTLED_MS ? state : "";
    return this.#members;
  }
}

// A file that breaks off, or is of another kind, is no register without members.
function understood(content) {
  let said;
  try {
    said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    throw new SourceDown();
  }
  const isWhole = Array.isArray(said?.members) && said.members.every((one) => typeof one?.number === "string");
  if (!isWhole) throw new SourceDown();
  return said.members;
}

// What waits to be written to the hub: one message after another, and zero bytes once the link has become quiet.

import { serialized } from "./contract.js";
import { Signal } from "./waiting.js";

const QUIET_MS = 1_000;
const PADDING_BYTES = 64 * 1024;
// Whatever is shorter is an echo, or says that nothing was found, and holds nothing of a case.
const SMALL_BYTES = 64;

export class Outbox {
  #stream;
  #waiting = [];
  #writing = null;
  #closed = new Signal();
  #isPaddingDue = false;
  #quiet;

  constructor(stream) {
    this.#stream = stream;
  }

  // Every reply is a message of its own: 256 KiB at most, where a message may have 1 MiB.
  put(message) {
    clearTimeout(this.#quiet);
    this.#waiting.push(serialized(message));
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  // Ends once nothing waits.
  async emptied() {
    while (this.#writing) await this.#writing;
  }

  close() {
    clearTimeout(this.#quiet);
    this.#waiting = [];
    this.#closed.set();
  }

  async #writeAll() {
    while (this.#waiting.length) {
      const bytes = this.#waiting.shift();
      const written = new Signal();
      // A hub that reads slowly makes this wait, and not this program's memory grow.
      this.#stream.write(bytes, () => written.set());
      // A stream that has broken off may never say so here.
      await Promise.race([written.promise, this.#closed.promise]);
      this.#isPaddingDue ||= bytes.length > SMALL_BYTES;
    }
    if (this.#isPaddingDue && !this.#closed.isSet) this.#quiet = setTimeout(() => this.#pad(), QUIET_MS);
  }

  // The buffers between here and the hub's program keep the last reply until something overwrites it.
  async #pad() {
    this.put({ padding: Buffer.alloc(PADDING_BYTES) });
    await this.emptied();
    this.#isPaddingDue = false;
    clearTimeout(this.#quiet);
  }
}

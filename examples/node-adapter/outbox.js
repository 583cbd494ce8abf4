// What waits to be written to the hub: one message after another, and zero bytes once the link has become quiet.

import { serialized } from "./contract.js";
import { Signal } from "./waiting.js";

const QUIET_MS = 1_000;
// The buffers between here and the hub's program keep the last reply until something overwrites it.
const PADDING = serialized({ padding: Buffer.alloc(64 * 1024) });
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
    this.#send(serialized(message));
  }

  #send(bytes) {
    clearTimeout(this.#quiet);
    this.#waiting.push(bytes);
    this.#writing ??= this.#writeAll();
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
      await this.#write(bytes);
      this.#isPaddingDue = bytes !== PADDING && (this.#isPaddingDue || bytes.length > SMALL_BYTES);
    }
    // Here and not when the promise ends: what is put in between would wait for ever.
    this.#writing = null;
    if (this.#isPaddingDue && !this.#closed.isSet) this.#quiet = setTimeout(() => this.#send(PADDING), QUIET_MS);
  }

  // A hub that reads slowly makes this wait, and not this program's memory grow; a stream that has broken off may never say so.
  async #write(bytes) {
    const written = new Signal();
    this.#stream.write(bytes, () => written.set());
    await Promise.race([written.promise, this.#closed.promise]);
  }
}

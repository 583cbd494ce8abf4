// Keeps a link open: dials, dials again after a pause that grows, and has another link before one ends.

import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import grpc from "@grpc/grpc-js";
import { LinkClient } from "./contract.js";
import { Link } from "./link.js";
import { kindOf, tell } from "./log.js";
import { Signal, sleep } from "./waiting.js";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 4_000;
const STEADY_MS = 5_000;
// A link is replaced hourly, so that a certificate that somebody has renewed is used.
const RENEW_MS = 3_600_000;
const GRACE_MS = 10_000;
const CHANNEL = {
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.enable_retries": 0,
  // A new link must not share the connection of an old one, nor its back-off.
  "grpc.use_local_subchannel_pool": 1,
};

// A library's words may hold what was asked.
grpc.setLogVerbosity(grpc.logVerbosity.NONE);

export class Dialling {
  #settings;
  #rooms;
  #stop = new Signal();
  #held = new Map();

  // Takes where the hub is and the paths of who this is, and the rooms that all links share.
  constructor(settings, rooms) {
    this.#settings = settings;
    this.#rooms = rooms;
  }

  stop() {
    this.#stop.set();
  }

  async run() {
    let failures = 0;
    while (!this.#stop.isSet) {
      const began = Date.now();
      await this.#oneLink();
      failures = Date.now() - began > STEADY_MS ? 0 : failures + 1;
      await Promise.race([sleep(pauseAfter(failures)), this.#stop.promise]);
    }
    await this.#farewell();
  }

  // Ends when another link is needed; the earlier ones finish what they have once this one is there.
  async #oneLink() {
    const earlier = [...this.#held.keys()];
    const client = await this.#client().catch((fault) => tell("certificates_unreadable", { kind: kindOf(fault) }));
    if (!client) return;
    const link = new Link(client.Connect(), this.#rooms);
    const ended = link.hold().finally(() => {
      this.#held.delete(link);
      client.close();
    });
    this.#held.set(link, ended);
    await Promise.race([link.welcomed.promise, ended, this.#stop.promise]);
    if (!link.welcomed.isSet) return;
    for (const older of earlier) older.retire();
    const renewing = new Signal();
    const timer = setTimeout(() => renewing.set(), RENEW_MS * (0.9 + 0.1 * Math.random()));
    await Promise.race([link.leaving.promise, renewing.promise, ended, this.#stop.promise]);
    clearTimeout(timer);
  }

  // Reads the files anew each time. The hub's name is compared with its certificate, and nothing older than TLS 1.3 is spoken.
  async #client() {
    const { address, ...files } = this.#settings;
    const [ca, cert, key] = await Promise.all([files.ca, files.certificate, files.key].map((path) => readFile(path)));
    const secured = createSecureContext({ ca, cert, key, minVersion: "TLSv1.3" });
    return new LinkClient(address, grpc.credentials.createFromSecureContext(secured), CHANNEL);
  }

  async #farewell() {
    for (const link of this.#held.keys()) link.retire();
    await Promise.race([Promise.all(this.#held.values()), sleep(GRACE_MS)]);
  }
}

// Anything from nothing to a bound that doubles with every failure: when a hub comes back, not all its agencies come at once.
function pauseAfter(failures) {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
}

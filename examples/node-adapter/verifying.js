// Proofs about the hub's log: its signed state (C2SP tlog-checkpoint) and its tree (RFC 9162), with node:crypto alone.

import { createHash, createPublicKey, verify } from "node:crypto";

const HASH_BYTES = 32;
const SIGNATURE = /^\u2014 ([^ +]+) ([A-Za-z0-9+/]+=*)$/;

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const EMPTY_ROOT = sha256();

export function leafHash(entry) {
  return sha256(Buffer.of(0), entry);
}

function nodeHash(left, right) {
  return sha256(Buffer.of(1), left, right);
}

// The state of the log that a note attests; null unless the log's key has signed just this.
export function readNote(note, origin, key) {
  const lines = note.split("\n");
  const signature = lines.length === 6 ? SIGNATURE.exec(lines[4]) : null;
  const isNote = signature && key.length === HASH_BYTES && !lines[3] && !lines[5] && /^(0|[1-9]\d{0,15})$/.test(lines[1]);
  if (!isNote || lines[0] !== origin || signature[1] !== origin) return null;
  const [signed, root, size] = [decoded(signature[2]), decoded(lines[2]), Number(lines[1])];
  const hint = sha256(`${origin}\n`, Buffer.of(1), key).subarray(0, 4);
  if (!signed?.subarray(0, 4).equals(hint) || root?.length !== HASH_BYTES || size > Number.MAX_SAFE_INTEGER) return null;
  const text = Buffer.from(`${lines.slice(0, 3).join("\n")}\n`);
  if (!verify(null, text, ed25519(key), signed.subarray(4))) return null;
  return size === 0 && !root.equals(EMPTY_ROOT) ? null : { size, root };
}

function ed25519(key) {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.toString("base64url") }, format: "jwk" });
}

// Node reads past what is no base64; only the one way of spelling it counts.
function decoded(text) {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

// RFC 9162 shifts numbers of 64 bits; JavaScript's operators keep 32, so they are halved instead.
const half = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;

// Whether an entry's hash is at a position of the log (RFC 9162, section 2.1.3.2).
export function provesInclusion(leaf, position, state, proof) {
  if (!(position < state.size) || !areHashes(proof)) return false;
  let [at, last, found] = [position, state.size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      found = nodeHash(beside, found);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      found = nodeHash(found, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && found.equals(state.root);
}

// Whether one state of the log continues another (RFC 9162, section 2.1.4.2).
export function provesConsistency(before, after, proof) {
  if (before.size === 0) return proof.length === 0;
  if (before.size === after.size) return proof.length === 0 && before.root.equals(after.root);
  if (before.size > after.size || proof.length === 0 || !areHashes(proof)) return false;
  let [at, last] = [before.size - 1, after.size - 1];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  // The old state is a whole subtree of the new one, and so begins the path itself.
  const path = at === 0 ? [before.root, ...proof] : [...proof];
  let [old, found] = [path[0], path[0]];
  for (const beside of path.slice(1)) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      [old, found] = [nodeHash(beside, old), nodeHash(beside, found)];
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      found = nodeHash(found, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && old.equals(before.root) && found.equals(after.root);
}

function areHashes(proof) {
  return proof.every((one) => one.length === HASH_BYTES);
}

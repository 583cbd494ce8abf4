// Judges proofs as examples/node-adapter does: reads cases as JSON from standard input, writes true or false for each.

import { readFileSync } from "node:fs";
import { provesConsistency, provesInclusion, readNote } from "../../examples/node-adapter/verifying.js";

const bytes = (text) => Buffer.from(text, "base64");
const state = ({ size, root }) => ({ size, root: bytes(root) });

const JUDGES = {
  inclusion: ({ leaf, position, after, proof }) => provesInclusion(bytes(leaf), position, state(after), proof.map(bytes)),
  consistency: ({ before, after, proof }) => provesConsistency(state(before), state(after), proof.map(bytes)),
  note: ({ note, origin, key }) => readNote(note, origin, bytes(key)) !== null,
};

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map(({ kind, ...particulars }) => JUDGES[kind](particulars))));

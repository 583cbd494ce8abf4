// Breaks the register of a test system, and mends it: node try/break.js FILE stopped|garbled|slow|mend

import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const [file, how] = process.argv.slice(2);
const aside = `${file}.aside`;

// Whoever opens a pipe to read it waits until somebody writes: as on a share of the network that hangs.
function isPipe() {
  return existsSync(file) && lstatSync(file).isFIFO();
}

if (how === "mend") {
  // Whoever waits in the pipe is let go first; what is read there is nothing.
  if (isPipe()) closeSync(openSync(file, constants.O_RDWR));
  rmSync(file, { force: true });
  renameSync(aside, file);
} else {
  renameSync(file, aside);
  if (how === "slow") spawnSync("mkfifo", [file]);
  if (how === "garbled") {
    const whole = readFileSync(aside);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
  }
}

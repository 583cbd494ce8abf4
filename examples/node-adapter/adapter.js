// The youth club's adapter: node adapter.js REGISTER. Where the hub is, and who this is, it takes from the environment.

import { Answering } from "./answering.js";
import { Dialling } from "./dialling.js";
import { Journal } from "./journal.js";
import { JournalAsks } from "./journal_asks.js";
import { kindOf, tell } from "./log.js";
import { Register } from "./register.js";
import { Watching } from "./watching.js";

const SETTINGS = {
  address: "SHARING_HUB_ADDRESS",
  ca: "SHARING_HUB_CA",
  certificate: "SHARING_HUB_CERTIFICATE",
  key: "SHARING_HUB_KEY",
  journal: "SHARING_JOURNAL",
};

// Said by this program itself, and so safe to print.
class Misuse extends Error {}

function settingsFrom(environment) {
  const missing = Object.values(SETTINGS).filter((name) => !environment[name]);
  if (missing.length) throw new Misuse(`set these in the environment: ${missing.join(", ")}`);
  return Object.fromEntries(Object.entries(SETTINGS).map(([setting, name]) => [setting, environment[name]]));
}

async function run(settings, file) {
  const register = new Register(file);
  const journal = await Journal.open(settings.journal);
  const watching = new Watching(register, journal);
  const rooms = {
    journal,
    watching,
    answering: new Answering(register, journal),
    journalAsks: new JournalAsks(register, journal),
  };
  const dialling = new Dialling(settings, rooms);
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => dialling.stop());
  // Whoever cannot keep a journal tells nothing. The next start finds out what is in the file.
  journal.failed.promise.then(() => dialling.stop());
  tell("started");
  await dialling.run();
  watching.close();
  await journal.close();
  tell("stopped");
  return journal.failed.isSet ? 1 : 0;
}

async function main() {
  const [file] = process.argv.slice(2);
  try {
    if (!file) throw new Misuse("usage: node adapter.js REGISTER");
    const settings = settingsFrom(process.env);
    process.exitCode = await run(settings, file);
  } catch (fault) {
    // Any other fault is told by its kind alone, since its words may hold case data.
    tell("could_not_run", { kind: kindOf(fault), mend: fault instanceof Misuse ? fault.message : undefined });
    process.exitCode = 1;
  }
  process.exit();
}

// Node would print the values that a fault is about.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (fault) => {
    tell("failed", { kind: kindOf(fault) });
    process.exit(1);
  });
}

await main();

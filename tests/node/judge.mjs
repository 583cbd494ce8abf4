// The other Casbin: loads policies as one JSON text from its input, and prints for each cell whether it is allowed.

import { json } from 'node:stream/consumers';

import { newEnforcer, newModelFromString } from 'casbin';

// Prefixed as the hub does it, so that a level is never taken for anything else.
const prefixed = (level) => `level:${level}`;

async function enforcer(model, { links, rows }) {
  const made = await newEnforcer(newModelFromString(model));
  for (const [level, inherited] of links) {
    await made.addNamedGroupingPolicy('g', prefixed(level), prefixed(inherited));
  }
  await made.addPolicies(rows.map(([level, ...rest]) => [prefixed(level), ...rest]));
  return made;
}

async function verdicts(model, policy) {
  const made = await enforcer(model, policy);
  return policy.cells.map(([level, ...cell]) => made.enforceSync(prefixed(level), ...cell));
}

const { model, policies } = await json(process.stdin);
const answers = [];
for (const policy of policies) {
  answers.push(await verdicts(model, policy));
}
process.stdout.write(JSON.stringify(answers));

// Changes what a member's parents have answered, and nothing else: node try/consent.js FILE NUMBER ANSWER

import { readFileSync, renameSync, writeFileSync } from "node:fs";

const [file, number, answer] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const place = text.indexOf('"answer"', text.indexOf(`"number": "${number}"`));
const changed = text.slice(place).replace(/"answer": "[a-z]*"/, `"answer": "${answer}"`);
// Replaced in one step, as a program does that does not want to lose its register.
writeFileSync(`${file}.new`, text.slice(0, place) + changed);
renameSync(`${file}.new`, file);

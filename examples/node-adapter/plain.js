// Makes values of the register harmless, or leaves them out: whatever people or programs have put into it.

import { LONGEST_CELL } from "./contract.js";

// Control and format characters, halves of characters, what nobody has assigned; and every kind of blank.
const UNPRINTABLE = /\p{C}/gu;
const BLANKS = /\p{Z}+/gu;

export function text(value) {
  if (typeof value !== "string") return "";
  const clean = value.replace(/[\r\n\t]/g, " ").replace(UNPRINTABLE, "").replace(BLANKS, " ").trim();
  // Counted in characters: a slice of a JavaScript string could cut one in half.
  return clean.length <= LONGEST_CELL ? clean : [...clean].slice(0, LONGEST_CELL).join("");
}

export function identifier(value) {
  const written = typeof value === "string" ? value.replaceAll(" ", "") : "";
  return /^[A-Za-z0-9]{1,20}$/.test(written) ? written : "";
}

// The club's choices, in the words of the hub's catalogue. A map: a plain object would also know "constructor".
export function choice(words, value) {
  return words.get(value) ?? "";
}

// Whether this is a day that exists, written YYYY-MM-DD.
export function isDay(value) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const [year, month, day] = value.split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return year > 99 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

// A day as the club writes it (DD/MM/YYYY), or the beginning of a time (YYYY-MM-DDT…); nothing for one that does not exist.
export function day(value) {
  if (typeof value !== "string") return "";
  const british = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(value);
  const written = british ? `${british[3]}-${british[2]}-${british[1]}` : value.slice(0, 10);
  return isDay(written) ? written : "";
}

// Whom a question is about: finds members by the keys of an ask, every way to look tried, nothing guessed.

import { day, identifier, isDay } from "./plain.js";

// Letters only, without accents and case: "O'Hara" is "OHARA". What holds no letter is no name.
function spelt(name) {
  return typeof name === "string" ? name.normalize("NFKD").replace(/[^\p{L}]/gu, "").toLowerCase() : "";
}

// What can be looked for. Keys are only ever compared: there is no query into which one could be put.
export function usableKeys(person) {
  const upn = identifier(person?.upn ?? "");
  const [given, family] = [spelt(person?.given_name), spelt(person?.family_name)];
  const hasNames = Boolean(given && family) && isDay(person.date_of_birth);
  const names = hasNames ? { given, family, born: person.date_of_birth } : null;
  return upn || names ? { upn, names } : null;
}

// Members who are whom the keys name, and all whom the keys touch: where a child is there twice, the protection of one record
// protects the other. Both ways are tried, whatever the first one brings: somebody about whom the club keeps silent must take
// as long as somebody whom it does not know.
export function find(members, keys) {
  const byUpn = members.filter((member) => keys.upn && identifier(member.upn) === keys.upn);
  const byNames = members.filter((member) => isNamed(member, keys));
  return { meant: byUpn.length ? byUpn : byNames, touched: [...new Set([...byUpn, ...byNames])] };
}

function isNamed(member, { upn, names }) {
  if (!names || day(member.born) !== names.born) return false;
  // Another number is another child, however alike the names are.
  const own = identifier(member.upn);
  if (upn && own && own !== upn) return false;
  return spelt(member.forename) === names.given && spelt(member.surname) === names.family;
}

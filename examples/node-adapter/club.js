// What is this club's own: which questions it answers, where its register holds what, and what may not leave.
// Another club changes this file and no other.

import { choice, day, identifier, text } from "./plain.js";

export const AGENCY = "youth_club";
export const PROGRAM = "youth-club-adapter 1.0.0";
export const SOURCE = "Members' Register";

const SEXES = new Map([["F", "female"], ["M", "male"], ["X", "other"], ["", "not_known"]]);

const PERSON = {
  upn: (member) => identifier(member.upn),
  given_name: (member) => text(member.forename),
  family_name: (member) => text(member.surname),
  date_of_birth: (member) => day(member.born),
};
const BASICS = {
  ...PERSON,
  gender: (member) => choice(SEXES, member.sex),
  address: (member) => [member.street, member.town].map(text).filter(Boolean).join(", "),
  postcode: (member) => text(member.postcode),
  school: (member) => text(member.school),
};
const INVOLVEMENT = {
  service: () => "Riverside Youth Club",
  involvement_status: (member) => (day(member.left) ? "closed" : "open"),
  involved_since: (member) => day(member.joined),
  worker_name: (member) => text(member.leader),
};

// For each question, how each of its fields is read. What is asked beyond that stays empty.
export const QUESTIONS = new Map([
  ["child_basics", new Map(Object.entries(BASICS))],
  ["child_services", new Map(Object.entries({ ...BASICS, ...INVOLVEMENT }))],
]);

// What the club never answers through the hub: whoever is worried about a child is to telephone.
export const REFUSED = new Set(["child_concerns"]);

// Whom the club protects: to those who may not know, they are not there at all.
export const Protection = Object.freeze({ NONE: 0, PERSON: 1, ABSOLUTE: 2 });

export function protection(member) {
  // What is written there in another way than agreed protects all the same.
  if (!member.protected) return Protection.NONE;
  return member.protected === "absolute" ? Protection.ABSOLUTE : Protection.PERSON;
}

// The club's veto: the committee has decided that nothing of this member is passed on.
export function isKeptBack(member) {
  return Boolean(member.do_not_pass_on);
}

const SHIELDS = ["SHIELD_UNSPECIFIED", "SHIELD_PERSON", "SHIELD_ABSOLUTE"];
const ANSWERS = new Map([
  ["yes", "CONSENT_STATE_EXPLICIT"],
  ["no", "CONSENT_STATE_REFUSED"],
  ["withdrawn", "CONSENT_STATE_WITHDRAWN"],
  ["asked", "CONSENT_STATE_SOUGHT"],
]);

// What the club says about letting a member's record leave; the hub decides again by it.
export function termsOf(member) {
  const said = member.consent ?? {};
  const consent = {
    state: ANSWERS.get(said.answer) ?? "CONSENT_STATE_NOT_SOUGHT",
    given_by: said.by === "parent" ? "CONSENT_GIVER_PARENT" : "CONSENT_GIVER_UNSPECIFIED",
    decided_on: day(said.on),
    until: day(said.until),
  };
  const shield = member.hide_address ? "SHIELD_ADDRESS" : "SHIELD_UNSPECIFIED";
  return { consent, shield: protection(member) ? SHIELDS[protection(member)] : shield };
}

export function changedOn(member) {
  return day(member.changed);
}

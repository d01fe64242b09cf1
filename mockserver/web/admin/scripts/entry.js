/** One request of the journal: a line that opens to all that is known of it. */

import { button, element, oneLine, pairList, statusMark } from "./elements.js";
import { showExplanation } from "./explanation.js";
import { showBody, showReply } from "./reply.js";

/**
 * An entry, as docs/http-api.md describes it.
 * @typedef {{
 *   number: number, at: string, seconds: number, session: string | null, method: string, target: string,
 *   headers: [string, string][], body: string | null, body_base64?: string, body_cut: boolean, operation: string | null,
 *   arguments: Record<string, unknown>, source: Source, hints: string[], near_misses: NearMiss[], fault: string | null, status: number,
 *   response_headers: [string, string][], response_body: string | null, response_body_base64?: string,
 *   response_body_cut: boolean
 * }} Entry
 */
/** @typedef {{kind: string, name: string | null, place: string | null, added?: Source[]}} Source */
/** @typedef {{kind: string, name: string | null, place: string | null, differences: string[]}} NearMiss */
/** @typedef {{askAgain: (entry: Entry) => void, makeAnswer: (entry: Entry) => void}} Deeds */

/**
 * Return the element of an entry, which fills itself in when it is opened.
 * @param {Entry} entry
 * @param {Deeds} deeds
 */
export function makeEntry(entry, deeds) {
  const details = element("div", { class: "entry" });
  /** @type {HTMLDetailsElement} */
  const row = element("details", { toggle: () => row.open && !details.hasChildNodes() && fill(details, entry, deeds) });
  row.append(element("summary", {}, ...showLine(entry)), details);
  return row;
}

/**
 * Return the text of an entry that a filter searches.
 * @param {Entry} entry
 */
export function readEntry(entry) {
  return [entry.status, entry.method, entry.target, writeSource(entry.source), entry.session ?? "", ...entry.hints].join(" ");
}

/** @param {Entry} entry */
function showLine(entry) {
  const more = [entry.at.slice(11, 19), `${Math.round(entry.seconds * 1000)} ms`, writeSource(entry.source)];
  if (entry.session) more.push(`session ${entry.session}`);
  if (entry.fault) more.push(`fault ${entry.fault}`);
  const line = [statusMark(entry.status), ` ${entry.method} `, element("bdi", {}, oneLine(entry.target, 300)), " "];
  const hint = entry.hints.length ? [" ", element("span", { class: "hint" }, oneLine(`Hint: ${entry.hints[0]}`, 300))] : [];
  return [...line, element("span", { class: "note" }, oneLine(more.join(", "))), ...hint];
}

/** @param {Source} source */
function writeSource(source) {
  return [source, ...(source.added ?? [])].map(nameSource).join(" + ");
}

/** @param {{kind: string, name: string | null, place: string | null}} source */
function nameSource(source) {
  return [source.kind, source.name, source.place].filter(Boolean).join(" ");
}

/**
 * @param {HTMLElement} place
 * @param {Entry} entry
 * @param {Deeds} deeds
 */
async function fill(place, entry, deeds) {
  const deedButtons = element("div", { class: "buttons" }, button("Ask again", () => deeds.askAgain(entry)));
  if (entry.operation && !entry.response_body_cut) deedButtons.append(button("Make this an answer", () => deeds.makeAnswer(entry)));
  const why = element("div");
  const reply = { status: entry.status, reason: "", headers: entry.response_headers, text: readBody(entry.response_body, entry.response_body_base64, entry.response_body_cut) };
  place.append(
    deedButtons,
    ...section(`Request ${entry.number}`, pairList(entry.headers), ...showBody(readBody(entry.body, entry.body_base64, entry.body_cut), "Body of the request")),
    ...section("Reply", ...showReply(reply)),
    ...listed("Hints", entry.hints),
    ...listed("Near misses", entry.near_misses.map(writeNearMiss)),
    ...section("Why, if it were asked now", why),
  );
  why.append(await showExplanation(entry.method, entry.target, entry.headers, entry.session ?? ""));
}

/** @param {NearMiss} miss */
function writeNearMiss(miss) {
  return `${nameSource(miss)}: ${miss.differences.join("; ")}`;
}

/**
 * Return a section with a list; nothing if it is empty.
 * @param {string} title
 * @param {string[]} lines
 */
function listed(title, lines) {
  return lines.length ? section(title, element("ul", {}, ...lines.map((each) => element("li", {}, oneLine(each))))) : [];
}

/**
 * @param {string} title
 * @param {...HTMLElement} parts
 */
function section(title, ...parts) {
  return [element("h3", {}, title), ...parts];
}

/**
 * @param {string | null | undefined} text
 * @param {string | undefined} base64
 * @param {boolean} isCut
 */
function readBody(text, base64, isCut) {
  const shown = base64 ? `(no text, in base64) ${base64}` : text ?? "";
  return isCut ? `(the first part of a long body) ${shown}` : shown;
}

/** A reply as it is shown: status, source, hints, headers and body. */

import { button, element, pairList, statusMark, textBlock } from "./elements.js";
import { indentJson, isJson } from "./json_text.js";

/** Headers of the stub that are shown first, by what they tell. */
const TOLD = {
  "x-mock-source": "From",
  "x-mock-hint": "Hint",
  "preference-applied": "Honoured",
  "x-mock-breach": "Breaks the contract",
  "x-mock-stale": "Cannot be served",
};

/**
 * Return the parts of a reply.
 * @param {{status: number, reason: string, headers: [string, string][], text: string}} reply
 * @returns {HTMLElement[]}
 */
export function showReply({ status, reason, headers, text }) {
  const told = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  /** @type {[string, string][]} */
  const first = Object.entries(TOLD).flatMap(([name, title]) => (told.has(name) ? [[title, told.get(name) ?? ""]] : []));
  const head = element("details", {}, element("summary", {}, `Headers (${headers.length})`), pairList(headers));
  return [element("p", { class: "line" }, statusMark(status), ` ${reason}`), pairList(first), ...showBody(text, "Body of the reply"), head];
}

/**
 * Return a body: JSON with a line for each value, or as it came.
 * @param {string} text
 * @param {string} label
 * @returns {HTMLElement[]}
 */
export function showBody(text, label) {
  if (!text) return [element("p", { class: "empty" }, `${label}: empty.`)];
  if (!isJson(text)) return [textBlock(text, label)];
  const block = textBlock(indentJson(text), label);
  const turn = button("Raw", () => {
    const isRaw = turn.textContent === "Raw";
    block.textContent = isRaw ? text : indentJson(text);
    turn.textContent = isRaw ? "Pretty" : "Raw";
  });
  return [element("div", { class: "buttons" }, turn), block];
}

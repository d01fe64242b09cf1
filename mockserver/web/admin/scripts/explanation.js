/** Why a request gets its answer: the steps that `explain` tells. */

import { element, oneLine } from "./elements.js";
import { call } from "./stub.js";

/**
 * Ask why a request gets its answer, and show it.
 * @param {string} method
 * @param {string} target
 * @param {[string, string][]} headers
 * @param {string} session empty for the default session
 */
export async function showExplanation(method, target, headers, session) {
  const lines = headers.map(([name, value]) => /** @type {[string, string]} */ (["header", `${name}: ${value}`]));
  const told = await call("GET", "explain", { query: [["target", target], ["method", method], ...lines], session });
  if (!told.ok) return element("p", { class: "problem" }, told.message);
  const list = element("ol", { class: "steps" });
  for (const { step, text, details } of told.value.steps) {
    const item = element("li", {}, element("b", {}, step), " ", oneLine(text));
    if (details.length) item.append(element("ul", {}, ...details.map((/** @type {string} */ each) => element("li", {}, oneLine(each)))));
    list.append(item);
  }
  return list;
}

/** An answer that gives a request of the journal the reply that it got. */

import { readTarget } from "./contract.js";
import { escapePlaceholders, indentJson, isJson } from "./json_text.js";

/** Headers that the stub and its server add by themselves. */
const ADDED = /^(access-control-.*|cache-control|connection|content-length|content-type|cross-origin-.*|date|expires|pragma|preference-applied|server|vary|x-aspnet-version|x-mock-.*|x-powered-by)$/i;

/** Statuses whose body the framework writes if an answer has none. */
const WRITTEN = [400, 405, 500];

/** Keys of `when` that are no parameters. */
const RESERVED = ["headers", "call", "parameters"];

/**
 * Return the answer as JSON text, in which the body stays as it was written.
 * @param {import("./entry.js").Entry} entry
 * @param {import("./contract.js").Operation[]} operations
 */
export function draftAnswer(entry, operations) {
  const written = JSON.stringify;
  const given = readTarget(operations, entry.method, entry.target)?.values ?? new Map();
  const values = Object.entries(entry.arguments).filter(([name, value]) => given.has(name) && value !== null);
  const when = Object.fromEntries(values);
  const named = RESERVED.some((each) => each in when) ? { parameters: when } : when;
  const parts = [`"name": ${written(`from request ${entry.number}`)}`, `"operation": ${written(entry.operation)}`];
  if (values.length) parts.push(`"when": ${written(named)}`);
  if (entry.response_headers.some(([name]) => name.toLowerCase() === "x-mock-breach")) parts.push('"unchecked": true');
  return indentJson(`{${[...parts, `"reply": ${draftReply(entry)}`].join(", ")}}`);
}

/** @param {import("./entry.js").Entry} entry */
function draftReply(entry) {
  const text = entry.response_body ?? "";
  const own = entry.response_headers.filter(([name]) => !ADDED.test(name));
  const type = entry.response_headers.find(([name]) => name.toLowerCase() === "content-type");
  const headers = type && text && !isJson(text) ? [type, ...own] : own;
  const parts = [`"status": ${entry.status}`];
  if (headers.length) parts.push(`"headers": ${JSON.stringify(Object.fromEntries(headers))}`);
  if (text && isJson(text)) parts.push(`"body": ${escapePlaceholders(text)}`);
  else if (text || WRITTEN.includes(entry.status)) parts.push(`"text": ${escapePlaceholders(JSON.stringify(text))}`);
  return `{${parts.join(", ")}}`;
}

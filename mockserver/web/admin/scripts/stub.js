/** Calls to the stub's own addresses, which docs/http-api.md describes. */

import { readSession, readToken } from "./visitor.js";

const ROOT = new URL("../", import.meta.url);

/** Tells of `refused` with the message of a 403, and of `stale` with the place of a broken file, empty if all files are good. */
export const news = new EventTarget();

/**
 * What an address answered: its JSON, and what it says in words if it refused.
 * @typedef {{ok: boolean, status: number, value: any, message: string, problems: string[]}} Told
 */

/**
 * Call an address in the session that was chosen; another session can be named, an empty name for the default one.
 * @param {string} method
 * @param {string} path
 * @param {{query?: [string, string][], body?: string, session?: string}} options
 * @returns {Promise<Told>}
 */
export async function call(method, path, { query = [], body, session = readSession() } = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of query) url.searchParams.append(name, value);
  const headers = new Headers();
  if (session) headers.set("X-Mock-Session", session);
  const token = readToken();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  try {
    return await read(await fetch(url, { method, headers, body, cache: "no-store" }), token);
  } catch (error) {
    return refusal(0, `The stub did not answer (${error}). Is it running?`, []);
  }
}

/**
 * @param {Response} response
 * @param {string} token the token that was sent
 * @returns {Promise<Told>}
 */
async function read(response, token) {
  const text = await response.text();
  const value = text ? JSON.parse(text) : null;
  const place = decodeURIComponent(response.headers.get("X-Mock-Stale") ?? "");
  news.dispatchEvent(new CustomEvent("stale", { detail: place }));
  if (response.ok) return { ok: true, status: response.status, value, message: "", problems: [] };
  const message = value?.Message ?? `The stub answered ${response.status}.`;
  if (response.status === 403 && token === readToken()) news.dispatchEvent(new CustomEvent("refused", { detail: message }));
  return refusal(response.status, message, value?.Problems ?? []);
}

/**
 * @param {number} status
 * @param {string} message
 * @param {string[]} problems
 * @returns {Told}
 */
function refusal(status, message, problems) {
  return { ok: false, status, value: null, message, problems };
}

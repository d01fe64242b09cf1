/** The operations of the contract that is served: their parameters, and the targets of requests for them. */

import { call } from "./stub.js";

/** @typedef {{name: string, location: string, kind: string, isRequired: boolean, samples: string[]}} Parameter */
/** @typedef {{id: string, method: string, path: string, roots: string[], parameters: Parameter[]}} Operation */

/** The names of the preferences that a query can have, each behind `__`. */
export const PREFERENCES = ["code", "example", "dynamic", "seed", "edge", "delay", "fault"];

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const TWIN = "__";

/**
 * Return the operations, in the order of the contract.
 * @returns {Promise<Operation[]>}
 */
export async function readOperations() {
  const { value: document, message } = await call("GET", "openapi.json");
  if (!document) throw new Error(message);
  const roots = document.servers.map((/** @type {any} */ each) => new URL(each.url, location.href).pathname.replace(/\/$/, ""));
  const found = [];
  for (const [path, written] of Object.entries(document.paths)) {
    const item = follow(document, written);
    for (const method of METHODS.filter((each) => each in item)) {
      found.push(readOperation(document, roots, path, method, item));
    }
  }
  return found;
}

/**
 * @param {any} document
 * @param {string[]} roots
 * @param {string} path
 * @param {string} method
 * @param {any} item
 * @returns {Operation}
 */
function readOperation(document, roots, path, method, item) {
  const written = follow(document, item[method]);
  const given = [...(item.parameters ?? []), ...(written.parameters ?? [])].map((each) => follow(document, each));
  const byName = new Map(given.map((each) => [each.name.toLowerCase(), readParameter(document, each)]));
  return { id: written.operationId, method: method.toUpperCase(), path, roots, parameters: [...byName.values()] };
}

/**
 * @param {any} document
 * @param {any} written
 * @returns {Parameter}
 */
function readParameter(document, written) {
  const schema = follow(document, written.schema ?? {});
  const named = Object.values(written.examples ?? {}).map((each) => follow(document, each).value);
  const samples = [written.example, ...named, ...(schema.examples ?? []), ...(schema.enum ?? []), schema.default];
  const texts = samples.filter((each) => each !== undefined && each !== null && each !== "").map(String);
  const kind = [schema.type ?? "", schema.format ?? ""].flat().join(" ").trim();
  return { name: written.name, location: written.in, kind, isRequired: Boolean(written.required), samples: [...new Set(texts)] };
}

/**
 * Follow a `$ref` to what it stands for.
 * @param {any} document
 * @param {any} node
 * @returns {any}
 */
function follow(document, node) {
  const pointer = node?.$ref;
  if (typeof pointer !== "string" || !pointer.startsWith("#/")) return node ?? {};
  const names = pointer.slice(2).split("/").map((each) => decode(each).replaceAll("~1", "/").replaceAll("~0", "~"));
  return follow(document, names.reduce((found, name) => found?.[name], document));
}

/**
 * Return the target of a request. Parameters and preferences without a value are left out of the query.
 * @param {Operation} operation
 * @param {string} root
 * @param {Map<string, string>} values by the name of the parameter, or `__` and the name of the preference
 * @param {string[]} rest other parts of the query, as they are written
 */
export function writeTarget(operation, root, values, rest = []) {
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_, name) => encode(values.get(name) ?? ""));
  const inQuery = operation.parameters.filter((each) => each.location === "query").map((each) => each.name);
  const names = [...inQuery, ...PREFERENCES.map((each) => TWIN + each)].filter((name) => values.get(name));
  const query = [...names.map((name) => `${encode(name)}=${encode(values.get(name) ?? "")}`), ...rest].join("&");
  return encodeURI(decode(root)) + path + (query && `?${query}`);
}

/**
 * Return the operation that a target leads to, with the values in it; null if it leads to none.
 * @param {Operation[]} operations
 * @param {string} method
 * @param {string} target
 */
export function readTarget(operations, method, target) {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const parts = mark < 0 ? [] : target.slice(mark + 1).split("&").filter(Boolean);
  for (const operation of operations.filter((each) => each.method === method)) {
    for (const root of operation.roots) {
      const values = matchPath(root + operation.path, path);
      if (values) return { operation, root, values, rest: takeQuery(operation, parts, values) };
    }
  }
  return null;
}

/**
 * @param {string} template
 * @param {string} path
 */
function matchPath(template, path) {
  const pieces = template.split("/");
  const given = path.split("/");
  if (pieces.length !== given.length) return null;
  const values = new Map();
  for (const [at, piece] of pieces.entries()) {
    const name = /^\{([^{}]+)\}$/.exec(piece)?.[1];
    if (name && given[at]) values.set(name, decode(given[at]));
    else if (decode(piece).toLowerCase() !== decode(given[at]).toLowerCase()) return null;
  }
  return values;
}

/**
 * Put what a query gives into the values, and return the parts that are no parameter and no preference.
 * @param {Operation} operation
 * @param {string[]} parts
 * @param {Map<string, string>} values
 */
function takeQuery(operation, parts, values) {
  const names = [...operation.parameters.filter((each) => each.location === "query").map((each) => each.name)];
  const known = new Map([...names, ...PREFERENCES.map((each) => TWIN + each)].map((name) => [name.toLowerCase(), name]));
  return parts.filter((part) => {
    const [written, ...more] = part.split("=");
    const name = known.get(decodeForm(written).toLowerCase());
    const value = decodeForm(more.join("="));
    if (name === undefined || !value || values.has(name)) return true;
    values.set(name, value);
    return false;
  });
}

/** @param {string} text */
function encode(text) {
  return encodeURIComponent(text.toWellFormed());
}

/** @param {string} text */
function decodeForm(text) {
  return decode(text.replaceAll("+", " "));
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

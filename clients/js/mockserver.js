/** The stub as a JavaScript test sees it: started or running, with a session, answers and requests of the test's own. */

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";

/**
 * The keys of a reply; docs/fixtures.md describes each.
 * @typedef {object} Reply
 * @property {number} [status]
 * @property {Record<string, unknown>} [headers]
 * @property {unknown} [body] sent as JSON
 * @property {string} [text]
 * @property {Record<string, unknown>} [record] members of a record; the others are generated
 * @property {string} [body_file]
 * @property {Record<string, unknown>} [exception]
 * @property {number | {uniform: [number, number]}} [delay] seconds
 * @property {string | Record<string, number>} [fault]
 * @property {Reply[]} [sequence]
 * @property {boolean} [cycle]
 * @property {number} [chance]
 */

/**
 * What an answer has besides its reply.
 * @typedef {object} Conditions
 * @property {Record<string, unknown>} [when] what the request has to have: `{ id: "42", headers: { "X-Tenant": "acme" } }`
 * @property {string} [name] a new one by default
 * @property {number} [times] how often the answer is given
 * @property {boolean} [unchecked] whether it may break the contract
 */

/**
 * Preferences for all requests of a session; docs/choosing-answers.md describes each.
 * @typedef {object} Preferences
 * @property {number} [code] a status
 * @property {string} [example]
 * @property {boolean} [dynamic]
 * @property {string} [edge]
 * @property {string | number} [seed]
 * @property {number} [delay] seconds
 * @property {string} [fault]
 */

/**
 * A request that is expected. What is left out may be anything.
 * @typedef {object} Expected
 * @property {string} [operation] the operationId; or else `method` and `path`
 * @property {Record<string, unknown>} [arguments] what the operation was asked for
 * @property {Record<string, unknown>} [headers] secrets in plain text
 * @property {unknown} [body] the JSON body, or a part of it
 * @property {string} [method]
 * @property {string} [path] without a query
 */

/**
 * How often; at least once by default.
 * @typedef {object} Count
 * @property {number} [exactly]
 * @property {number} [at_least]
 * @property {number} [at_most]
 */

/**
 * How a stub is started.
 * @typedef {object} StartOptions
 * @property {string[]} [options] options of `mockserver serve`: `["--fixtures", "tests/fixtures"]`
 * @property {string[]} [command] how `mockserver` is called: `["uv", "run", "mockserver"]`
 * @property {string} [cwd] the folder from which paths start
 * @property {Record<string, string | undefined>} [env] the variables of the environment, in place of those of this process
 * @property {number} [seconds] how long the start may take
 */

/** @import { ChildProcessWithoutNullStreams as Child } from "node:child_process" */

const HEALTHY = 200;
const CONFLICT = 409;
const LEAST_ERROR = 400;
const PREFIX = "/__mock";
const PROGRAM = "mockserver";
const SECONDS = 30;
const STOP_SECONDS = 10;
const LONGEST_SHOWN = 200;
const HERE = new URL(import.meta.url).pathname;

/** An error whose stack begins in the test: its first line is what test runners show. */
class ShownError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    const isOutside = (/** @type {string} */ line) => !line.startsWith("    at ") || !line.includes(HERE);
    this.stack = this.stack?.split("\n").filter(isOutside).join("\n") ?? message;
  }
}

/** A stub cannot be started or asked, or it refuses. The message says why, for people. */
export class StubError extends ShownError {
  static {
    this.prototype.name = "StubError"; // The stack begins with it, and is made before a field is set.
  }
}

/** The API was not asked as expected. The message names the nearest requests with their differences. */
export class VerificationError extends ShownError {
  static {
    this.prototype.name = "VerificationError";
  }
}

/**
 * Start a stub on a free port of this machine. It stops with `stop()`, and when this process ends, however that happens.
 * @param {StartOptions} [settings]
 * @returns {Promise<Stub>}
 * @throws {StubError} The stub cannot start; all problems of its files and options are listed.
 */
export async function startStub({ options = [], command = [PROGRAM], cwd, env = process.env, seconds = SECONDS } = {}) {
  const [program = PROGRAM, ...words] = command;
  const serve = ["serve", "--host=127.0.0.1", "--port=0", "--quiet", "--end-with-input", ...options];
  const child = spawn(program, [...words, ...serve], { cwd, env, stdio: "pipe" });
  try {
    const url = await readUrl(child, command.join(" "), seconds);
    const stub = await find(url, env.MOCKSERVER_ADMIN_TOKEN, () => end(child));
    release(child);
    return stub;
  } catch (error) {
    kill(child);
    throw error;
  }
}

/**
 * Find a running stub.
 * @param {string} url its root, as it has printed it; its prefix, if that is not `/__mock`
 * @param {{token?: string}} [access] the token of `--admin-token`, if it asks for one
 * @returns {Promise<Stub>}
 * @throws {StubError} No stub answers there.
 */
export async function attachStub(url, { token } = {}) {
  return find(url, token);
}

/**
 * @param {string} url
 * @param {string} [token]
 * @param {() => Promise<void>} [stop]
 */
async function find(url, token, stop = async () => {}) {
  const place = URL.canParse(url) ? new URL(url) : null;
  if (!place?.protocol.startsWith("http")) {
    throw new StubError(`'${url}' is no URL of a stub. Write one such as http://localhost:8080.`);
  }
  const pages = place.origin + (place.pathname.replace(/\/+$/, "") || PREFIX);
  const [status, text] = await send("GET", `${pages}/health`);
  const root = status === HEALTHY ? parse(text)?.roots?.[0] : undefined;
  if (typeof root !== "string") {
    throw new StubError(`${pages}/health answers ${status}, but not as a stub does. Name the URL that the stub has printed.`);
  }
  return new Stub(place.origin, pages, root, token, stop);
}

/** A running stub, which any number of tests share. */
export class Stub {
  #pages;
  #root;
  #token;
  #stop;

  /**
   * Use `startStub` or `attachStub`.
   * @param {string} url
   * @param {string} pages the URL of its own addresses
   * @param {string} root the path of the API
   * @param {string | undefined} token
   * @param {() => Promise<void>} stop
   */
  constructor(url, pages, root, token, stop) {
    /** The root URL: `http://127.0.0.1:PORT`. */
    this.url = url;
    this.#pages = pages;
    this.#root = root;
    this.#token = token;
    this.#stop = stop;
  }

  /**
   * Return a session, which shares nothing with others: one for each test, or each worker.
   * @param {string} [name] a new one by default
   */
  session(name = `test-${randomUUID().slice(-12)}`) {
    return new MockApi(this.#pages, this.#root, name, this.#token);
  }

  /**
   * Stop the stub if it was started here; one that was found goes on.
   * @returns {Promise<void>}
   * @throws {StubError} It does not end, or not in good order.
   */
  async stop() {
    await this.#stop();
  }
}

/** The stub for one test. Whatever a test adds is seen in its session alone. */
export class MockApi {
  #pages;
  #headers;
  #added = 0;

  /**
   * Use `session` of a stub.
   * @param {string} pages the URL of the stub's own addresses
   * @param {string} root the path of the API
   * @param {string} session
   * @param {string} [token]
   */
  constructor(pages, root, session, token) {
    const id = encodeURIComponent(session); // A name that the stub does not allow reaches it too, and is refused there.
    /** The name of the session; a client may also send it as `X-Mock-Session`. */
    this.session = session;
    /** The base URL of the API for the code under test: `http://127.0.0.1:PORT/__mock/s/ID/API`. */
    this.url = `${pages}/s/${id}${encodeURI(root)}`;
    this.#pages = pages;
    /** @type {Record<string, string>} */
    this.#headers = { "X-Mock-Session": id, ...(token && { Authorization: `Bearer ${token}` }) };
  }

  /**
   * Add an answer, which comes before all others; return its name.
   * @param {string} operation the operationId
   * @param {Conditions & Reply} [answer] `{ when: { id: "42" }, status: 404 }`
   * @returns {Promise<string>}
   * @throws {StubError} The answer is wrong; every problem is listed.
   */
  async answer(operation, { when, name, times, unchecked, ...reply } = {}) {
    const named = name ?? `answer-${++this.#added}`;
    await this.#ask("POST", "answers", { name: named, operation, when, times, unchecked, reply });
    return named;
  }

  /**
   * Add a record of a component, with these members; the others are generated.
   * @param {string} schema
   * @param {Record<string, unknown>} members
   * @returns {Promise<void>}
   * @throws {StubError} The record is wrong; every problem is listed.
   */
  async record(schema, members) {
    await this.#ask("POST", "records", { schema, records: [members] });
  }

  /**
   * Set the preferences of every later request: `{ code: 503 }`; none to clear them.
   * @param {Preferences} [preferences]
   * @returns {Promise<void>}
   * @throws {StubError} A preference is wrong.
   */
  async prefer(preferences = {}) {
    await this.#ask("PUT", "defaults", preferences);
  }

  /**
   * Remove all that was added, and forget all requests.
   * @returns {Promise<void>}
   */
  async reset() {
    await this.#ask("POST", "reset");
  }

  /**
   * Return the requests that the API got in this session, the newest last.
   * @returns {Promise<SeenRequest[]>}
   */
  async requests() {
    return this.waitForRequests(0, 0);
  }

  /**
   * Return the requests as soon as there are so many, or after so many seconds (at most 30) those there are.
   * @param {number} count
   * @param {number} [seconds]
   * @returns {Promise<SeenRequest[]>}
   */
  async waitForRequests(count, seconds = 5) {
    const told = await this.#ask("GET", `requests?session=${this.session}&count=${count}&wait=${seconds}`);
    return told.requests.map((/** @type {Record<string, any>} */ entry) => new SeenRequest(entry));
  }

  /**
   * Require that the API was asked in this way; without a number at least once.
   * @param {string | (Expected & Count)} operation the operationId, or all that is expected
   * @param {Omit<Expected, "operation"> & Count} [expected]
   * @returns {Promise<void>}
   * @throws {VerificationError} It was not.
   * @throws {StubError} The expectation is wrong, such as an unknown operation.
   */
  async verify(operation, expected = {}) {
    await this.#verify(typeof operation === "string" ? { operation, ...expected } : operation);
  }

  /**
   * Require one request of each, in this order; others may come between.
   * @param {Expected[]} requests
   * @returns {Promise<void>}
   * @throws {VerificationError} They did not come so.
   * @throws {StubError} An expectation is wrong.
   */
  async verifyOrder(...requests) {
    await this.#verify({ in_order: true, requests });
  }

  /** @param {object} expected */
  async #verify(expected) {
    const [status, text] = await this.#send("POST", "verify", expected);
    const verdict = parse(text);
    if (status === CONFLICT && verdict) {
      throw new VerificationError([verdict.Message, ...verdict.nearest.map(tellMiss)].join("\n"));
    }
    check("verify", status, text);
  }

  /**
   * Return the names of the answers that were added and never given.
   * @returns {Promise<string[]>}
   */
  async listUnused() {
    /** @type {{kind: string, name: string}[]} */
    const unused = (await this.measureCoverage()).added.unused;
    return unused.filter(({ kind }) => kind === "answer").map(({ name }) => name);
  }

  /**
   * Return what requests of this session have exercised, as the address `coverage` gives it.
   * @returns {Promise<any>}
   */
  async measureCoverage() {
    return this.#ask("GET", `coverage?session=${this.session}`);
  }

  /**
   * Drop the session.
   * @returns {Promise<void>}
   */
  async close() {
    await this.#send("DELETE", `sessions/${this.session}`);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [value]
   */
  async #ask(method, path, value) {
    const [status, text] = await this.#send(method, path, value);
    return check(path, status, text);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [value]
   */
  #send(method, path, value) {
    return send(method, `${this.#pages}/${path}`, this.#headers, value);
  }
}

/** A request that the API got, with its reply, as the journal has it. */
export class SeenRequest {
  /** @param {Record<string, any>} entry */
  constructor(entry) {
    const { kind, name, place } = entry.source;
    /** All that the journal has of it. */
    this.entry = entry;
    /** @type {number} its number in the journal */
    this.number = entry.number;
    /** @type {string} */
    this.method = entry.method;
    /** @type {string} the raw target, such as `/API/Customers/42?idType=1` */
    this.target = entry.target;
    /** @type {[string, string][]} as they were sent; secrets are replaced by digests */
    this.headers = entry.headers;
    /** @type {string | null} the text of its body */
    this.body = entry.body ?? null;
    /** @type {string | null} the operationId */
    this.operation = entry.operation;
    /** @type {Record<string, unknown>} what the operation was asked for */
    this.arguments = entry.arguments;
    /** What the reply came from, such as `generated` or `answer locked fixtures/answers.yaml:4`. */
    this.source = [kind, name, place].filter(Boolean).join(" ");
    /** @type {string[]} what the stub tells of it */
    this.hints = entry.hints;
    /** @type {number} the status of the reply */
    this.status = entry.status;
    /** @type {[string, string][]} */
    this.replyHeaders = entry.response_headers;
    /** @type {string | null} */
    this.replyBody = entry.response_body ?? null;
    /** @type {boolean} whether the stub had an answer for it */
    this.isMatched = entry.matched;
  }

  /**
   * Return the first value of a header; null if it was not sent.
   * @param {string} name in any case
   */
  header(name) {
    const found = this.headers.find(([key]) => key.toLowerCase() === name.toLowerCase());
    return found ? found[1] : null;
  }

  toString() {
    const told = `${this.number} ${this.method} ${this.target} -> ${this.status} ${this.source}`;
    return [told, ...this.hints.map((hint) => `    ${hint}`)].join("\n");
  }
}

/** @param {{number: number, method: string, target: string, differences: string[]}} miss */
function tellMiss({ number, method, target, differences }) {
  return `  ${number} ${method} ${target}: ${differences.join("; ")}`;
}

// Asking

/**
 * Send a request; return the status and the text of its answer.
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} [headers]
 * @param {unknown} [value] sent as JSON
 * @returns {Promise<[number, string]>}
 */
async function send(method, url, headers, value) {
  const given = value === undefined ? {} : { body: JSON.stringify(value) };
  const signal = AbortSignal.timeout(2 * SECONDS * 1000);
  try {
    const response = await fetch(url, { method, headers: { ...headers, "Content-Type": "application/json" }, signal, ...given });
    return [response.status, await response.text()];
  } catch (error) {
    throw new StubError(`No stub answers at ${new URL(url).origin}: ${findReason(error)}.`);
  }
}

/** @param {unknown} error of `fetch`, which tells the reason as its cause */
function findReason(error) {
  const { cause, message } = /** @type {Error} */ (error);
  return (cause instanceof Error && cause.message) || message;
}

/**
 * Return the value of an answer of the stub, or throw its problems.
 * @param {string} path
 * @param {number} status
 * @param {string} text
 */
function check(path, status, text) {
  if (status < LEAST_ERROR) return text ? parse(text) : null;
  const error = parse(text);
  const told = error?.Problems?.length ? error.Problems.join("\n") : error?.Message;
  throw new StubError(told ?? `${path} answers ${status}, but not as a stub does: ${text.slice(0, LONGEST_SHOWN)}`);
}

/**
 * @param {string} text
 * @returns {any} the value of JSON; undefined for any other text
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Starting and stopping

/**
 * Return the URL that a stub prints once it answers.
 * @param {Child} child
 * @param {string} called how it was called
 * @param {number} seconds
 * @returns {Promise<string>}
 */
async function readUrl(child, called, seconds) {
  let printed = "";
  let problems = "";
  child.stderr.on("data", (chunk) => (problems += chunk));
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {{url?: string, why?: string}} */
  const { url, why } = await new Promise((resolve) => {
    timer = setTimeout(() => resolve({ why: `is not ready after ${seconds} seconds` }), seconds * 1000);
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      const found = /(https?:\/\/\S+)\s/.exec(printed);
      if (found?.[1]) resolve({ url: found[1] });
    });
    child.on("error", ({ message }) => resolve({ why: `cannot be run: ${message}. Install it, or name another command` }));
    child.on("close", (code) => resolve({ why: `ended with exit code ${code}` }));
  });
  clearTimeout(timer);
  for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners("data");
  if (url === undefined) throw new StubError(`'${called}' ${why}.\n${problems}`.trim());
  return url;
}

/**
 * Let a stub run beside this process without keeping it from ending, and show what the stub warns of.
 * @param {Child} child
 */
function release(child) {
  child.stdout.resume();
  child.stderr.on("data", (chunk) => process.stderr.write(chunk));
  // The types do not say that pipes can be left out of what a process waits for; the documentation of `spawn` does.
  for (const each of /** @type {any[]} */ ([child, child.stdin, child.stdout, child.stderr])) each.unref();
}

/** @param {Child} child */
function kill(child) {
  for (const stream of child.stdio) stream?.destroy();
  child.kill("SIGKILL");
}

/** @param {Child} child */
async function end(child) {
  child.ref();
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  const ended = hasEnded ? undefined : once(child, "exit");
  child.stdin.end();
  const timer = setTimeout(() => kill(child), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(timer);
  if (child.exitCode !== 0) {
    throw new StubError(`The stub ended with ${child.signalCode ?? `exit code ${child.exitCode}`}.`);
  }
}

/** The form that asks an operation, and the reply that it got. */

import { PREFERENCES, readTarget, writeTarget } from "./contract.js";
import { button, element, field, textBlock } from "./elements.js";
import { showExplanation } from "./explanation.js";
import { showReply } from "./reply.js";
import { listKept, readHeaders, send, writeCurl, writeFetch } from "./requests.js";
import { readSession } from "./visitor.js";

/** @typedef {import("./contract.js").Operation} Operation */

const BODILESS = ["GET", "HEAD"];
const JSON_TYPE = /** @type {[string, string]} */ (["Content-Type", "application/json"]);

/** A form whose fields write the target, and are read from it again. */
export class Ask {
  /** @param {Operation[]} operations at least one */
  constructor(operations) {
    this.operations = operations;
    this.operation = operations[0];
    /** @type {string[]} */
    this.rest = [];
    this.sending = new AbortController();
    const options = operations.map((each) => element("option", {}, `${each.id}: ${each.method} ${each.path}`));
    const roots = operations[0].roots.map((each) => element("option", { value: each }, each || "/"));
    /** @type {HTMLSelectElement} */
    this.chosen = element("select", { change: () => this.#choose(operations[this.chosen.selectedIndex]) }, ...options);
    this.root = element("select", { change: () => this.#write() }, ...roots);
    this.parameters = element("div", { class: "fields" });
    this.preferences = element("div", { class: "fields" });
    this.headers = element("textarea", { rows: "2", spellcheck: "false", placeholder: "X-Tenant: acme" });
    this.body = element("textarea", { rows: "6", spellcheck: "false" });
    this.bodyField = field("Body", this.body, "JSON, unless a header gives another Content-Type");
    this.target = element("input", { type: "text", spellcheck: "false", required: true, change: () => this.#read() });
    this.reply = element("div", { class: "reply" });
    this.status = element("p", { role: "status" });
    this.content = [this.#makeForm(), this.status, this.reply];
    this.#choose(this.operation);
  }

  /**
   * Fill the form in with a request: its method, a blank, its target.
   * @param {string} line
   */
  open(line) {
    const mark = line.indexOf(" ");
    if (mark > 0) this.fill(line.slice(0, mark), line.slice(mark + 1), "", "");
  }

  /**
   * @param {string} method
   * @param {string} target
   * @param {string} headers
   * @param {string} body
   */
  fill(method, target, headers, body) {
    const found = readTarget(this.operations, method, target);
    const other = found?.operation ?? this.operations.find((each) => each.method === method);
    if (other && other !== this.operation) this.#choose(other);
    this.target.value = target;
    this.headers.value = headers;
    this.body.value = body;
    this.#read();
  }

  /** Send what the form says, and show the reply. */
  async ask() {
    this.sending.abort();
    this.sending = new AbortController();
    const { signal } = this.sending;
    this.reply.replaceChildren();
    this.status.textContent = "Waiting for the reply ...";
    try {
      const request = this.#makeRequest();
      const kept = listKept(request);
      this.reply.append(...this.#showLines(request, kept));
      const reply = await send(request, signal);
      this.status.textContent = `Answered after ${reply.milliseconds} ms.`;
      const parts = reply.status ? showReply(reply) : [element("p", {}, "The reply is a redirect, which the browser does not show to a page. The journal has it.")];
      this.reply.prepend(...parts, this.#makeExplainer(request));
    } catch (error) {
      if (signal.aborted) return;
      const isBroken = error instanceof TypeError && this.reply.childElementCount > 0;
      this.status.textContent = isBroken ? `The connection broke, or the browser refused to send this (${error.message}).` : String(error);
    }
  }

  /** @returns {import("./requests.js").Request} */
  #makeRequest() {
    const target = this.target.value.trim();
    const url = new URL(target, location.origin);
    if (!target.startsWith("/") || url.origin !== location.origin) throw new Error("The target is no path of this server. Begin it with one slash.");
    const { method } = this.operation;
    const body = BODILESS.includes(method) || !this.body.value ? null : this.body.value;
    const headers = readHeaders(this.headers.value);
    const given = headers.map(([name]) => name.toLowerCase());
    if (readSession() && !given.includes("x-mock-session")) headers.push(["X-Mock-Session", readSession()]);
    if (body !== null && !given.includes("content-type")) headers.push(JSON_TYPE);
    return { method, url: url.href.slice(0, url.href.length - url.hash.length), headers, body };
  }

  /**
   * @param {import("./requests.js").Request} request
   * @param {string[]} kept
   */
  #showLines(request, kept) {
    const lines = [["curl", writeCurl(request)], ["fetch", writeFetch(request)]];
    const shown = lines.flatMap(([name, line]) => [element("h3", {}, `As ${name}`), textBlock(line, `The request as ${name}`)]);
    if (kept.length) shown.push(element("p", { class: "problem" }, `The browser lets no page send ${kept.join(", ")}. The curl line sends it.`));
    return shown;
  }

  /** @param {import("./requests.js").Request} request */
  #makeExplainer({ method, url, headers }) {
    const place = element("div");
    const target = url.slice(new URL(url).origin.length);
    const why = button("Why this answer?", async () => place.replaceChildren(await showExplanation(method, target, headers, readSession())));
    return element("div", {}, why, place);
  }

  #makeForm() {
    const form = element("form", { submit: (event) => { event.preventDefault(); this.ask(); } });
    const first = element("div", { class: "fields" }, field("Operation", this.chosen));
    if (this.root.options.length > 1) first.append(field("Base path", this.root));
    form.append(
      first,
      element("fieldset", {}, element("legend", {}, "Parameters"), this.parameters),
      element("details", {}, element("summary", {}, "Preferences"), this.preferences),
      element("details", {}, element("summary", {}, "Headers"), field("Headers", this.headers, "one on each line: Name: value")),
      this.bodyField,
      field("Target", this.target),
      element("div", { class: "buttons" }, element("button", {}, "Send")),
    );
    return form;
  }

  /**
   * Show the fields of another operation.
   * @param {Operation} operation
   */
  #choose(operation) {
    this.operation = operation;
    this.rest = [];
    this.chosen.selectedIndex = this.operations.indexOf(operation);
    this.bodyField.hidden = BODILESS.includes(operation.method);
    this.parameters.replaceChildren(...operation.parameters.map((each) => {
      const note = `${each.kind}, in the ${each.location}${each.isRequired ? ", required" : ""}`;
      return this.#makeField(each.name, each.name, each.samples, note, each.location === "path" ? each.samples[0] : "");
    }));
    this.preferences.replaceChildren(...PREFERENCES.map((each) => this.#makeField(`__${each}`, each, listNames(operation, each))));
    this.#write();
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {string[]} samples
   * @param {string} note
   * @param {string} value
   */
  #makeField(name, title, samples, note = "", value = "") {
    const input = element("input", { type: "text", name, spellcheck: "false", autocomplete: "off", input: () => this.#write() });
    input.value = value ?? "";
    const made = field(title, input, note);
    if (samples.length) {
      const list = element("datalist", { id: `samples-${name}` }, ...samples.map((each) => element("option", { value: each })));
      input.setAttribute("list", list.id);
      made.append(list);
    }
    return made;
  }

  /** @returns {HTMLInputElement[]} */
  #listInputs() {
    return [...this.parameters.querySelectorAll("input"), ...this.preferences.querySelectorAll("input")];
  }

  /** Write the target from the fields. */
  #write() {
    const values = new Map(this.#listInputs().map((each) => [each.name, each.value]));
    this.target.value = writeTarget(this.operation, this.root.value, values, this.rest);
  }

  /** Fill the fields in from the target; a target that leads nowhere empties them. */
  #read() {
    const found = readTarget([this.operation], this.operation.method, this.target.value);
    this.rest = found?.rest ?? [];
    if (found) this.root.value = found.root;
    for (const each of this.#listInputs()) each.value = found?.values.get(each.name) ?? "";
  }
}

/**
 * Return the names that the page knows for a preference.
 * @param {Operation} operation
 * @param {string} preference
 */
function listNames(operation, preference) {
  const lists = { edge: ["edge-cases"], example: ["examples-of-bodies", "answers"] }[preference] ?? [];
  const rows = lists.flatMap((each) => [...document.querySelectorAll(`table[aria-labelledby="${CSS.escape(operation.id)}-${each}"] tbody th bdi`)]);
  const faults = preference === "fault" ? [...document.querySelectorAll("#faults option")].map((each) => each.getAttribute("value") ?? "") : [];
  return [...rows.map((each) => each.textContent ?? ""), ...faults, ...(preference === "dynamic" ? ["true", "false"] : [])];
}

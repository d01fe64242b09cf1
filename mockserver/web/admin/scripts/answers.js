/** The answers in force: those that were added can be changed and removed, those of files can be replaced. */

import { Editor } from "./editor.js";
import { button, element, oneLine } from "./elements.js";
import { LongList } from "./long_list.js";
import { call } from "./stub.js";
import { changes } from "./visitor.js";

/** @typedef {{name: string, operation: string, source: string, added: boolean, calls?: number, given?: number}} Answer */

/** The list of answers, and the field that adds one. */
export class Answers {
  /** @param {string} operation the operation of a new answer */
  constructor(operation) {
    const note = "YAML or JSON, as in a fixture file; an answer of the same name is replaced";
    this.editor = new Editor("Answer", note, "Add or replace", async (text) => this.#after(await call("POST", "answers", { body: text })));
    this.editor.text.value = `name: busy\noperation: ${operation}\nreply:\n  status: 503\n`;
    this.rows = element("ul", { class: "rows" });
    this.list = new LongList(this.rows, (/** @type {Answer} */ each) => this.#show(each), (each) => `${each.name} ${each.operation} ${each.source}`);
    this.problem = element("p", { class: "problem", role: "alert" });
    this.content = [this.editor.content, element("h3", {}, "In force"), this.list.head, this.problem, this.rows, this.list.more];
    for (const name of ["session", "token"]) changes.addEventListener(name, () => this.read());
  }

  async read() {
    const told = await call("GET", "answers");
    this.problem.textContent = told.message;
    this.list.fill(told.value?.answers ?? []);
  }

  /** @param {Answer} answer */
  #show(answer) {
    const counts = answer.calls === undefined ? [] : [`matched ${answer.calls} times, given ${answer.given} times`];
    const about = [answer.operation, answer.source, ...counts].join(", ");
    const deeds = [button(answer.added ? "Edit" : "Replace", () => this.#edit(answer.name))];
    if (answer.added) deeds.push(button("Remove", () => this.#remove(answer.name)));
    return element("li", {}, element("span", {}, element("b", {}, oneLine(answer.name)), " ", element("span", { class: "note" }, oneLine(about))), ...deeds);
  }

  /** @param {string} name */
  async #edit(name) {
    const told = await call("GET", `answers/${encodeURIComponent(name)}`);
    this.problem.textContent = told.message;
    if (told.ok) this.editor.open(JSON.stringify(told.value, null, 2));
  }

  /** @param {string} name */
  async #remove(name) {
    await this.#after(await call("DELETE", `answers/${encodeURIComponent(name)}`));
  }

  /** @param {import("./stub.js").Told} told */
  async #after(told) {
    await this.read();
    if (!told.ok && !told.problems.length) this.problem.textContent = told.message;
    return told;
  }
}

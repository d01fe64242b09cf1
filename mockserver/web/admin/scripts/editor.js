/** A text that is sent to the stub, with what the stub finds wrong shown at its line. */

import { button, element, field, oneLine } from "./elements.js";
import { findLine } from "./json_text.js";

/** @typedef {import("./stub.js").Told} Told */

/** A field for a text, and a button that sends it. */
export class Editor {
  /**
   * @param {string} label
   * @param {string} note
   * @param {string} verb what the button says
   * @param {(text: string) => Promise<Told>} send
   */
  constructor(label, note, verb, send) {
    this.send = send;
    this.text = element("textarea", { rows: "10", spellcheck: "false", autocapitalize: "off" });
    this.said = element("p", { role: "alert" });
    this.problems = element("ol", { class: "problems" });
    const buttons = element("div", { class: "buttons" }, button(verb, () => this.submit()));
    this.content = element("div", { class: "editor" }, field(label, this.text, note), buttons, this.said, this.problems);
  }

  /**
   * Show a text, which may be changed before it is sent.
   * @param {string} text
   */
  open(text) {
    this.text.value = text;
    this.#tell("", []);
    this.text.focus();
    this.content.scrollIntoView({ block: "nearest" });
  }

  async submit() {
    const text = this.text.value;
    const told = await this.send(text);
    this.said.className = told.ok ? "" : "problem";
    this.#tell(told.ok ? "Done." : told.problems.length ? "Nothing was changed." : told.message, told.problems);
  }

  /**
   * @param {string} said
   * @param {string[]} problems
   */
  #tell(said, problems) {
    this.said.textContent = said;
    this.text.setAttribute("aria-invalid", String(problems.length > 0));
    this.problems.replaceChildren(...problems.map((each) => this.#showProblem(each)));
    const first = problems.map((each) => placeProblem(this.text.value, each)).find(Boolean);
    if (first) this.#select(first);
  }

  /** @param {string} problem */
  #showProblem(problem) {
    const line = placeProblem(this.text.value, problem);
    if (!line) return element("li", {}, oneLine(problem));
    const written = this.text.value.split("\n")[line - 1] ?? "";
    return element("li", {}, button(`Line ${line}`, () => this.#select(line)), " ", element("code", {}, oneLine(written.trim(), 200)), " ", oneLine(problem));
  }

  /** @param {number} line */
  #select(line) {
    const lines = this.text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.text.focus();
    this.text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  }
}

/**
 * Return the line that a problem is at: it names the line, or a JSON pointer; 0 if it names neither.
 * @param {string} text
 * @param {string} problem
 */
function placeProblem(text, problem) {
  const named = /^body:(\d+)/.exec(problem) ?? /^#: This is not JSON: .*\bline (\d+)/.exec(problem);
  if (named) return Number(named[1]);
  const pointer = /^(#(?:\/.*?)?): /.exec(problem);
  return pointer ? findLine(text, pointer[1]) : 0;
}

/** The defaults of the session as switches, and the way back to how it began. */

import { Editor } from "./editor.js";
import { button, element } from "./elements.js";
import { isJson } from "./json_text.js";
import { call } from "./stub.js";
import { changes } from "./visitor.js";

/** @typedef {{key: string, mark: HTMLInputElement, value: HTMLInputElement}} Switch */

/** Switches that change every reply of the session. */
export class Steering {
  constructor() {
    /** @type {Record<string, unknown>} */
    this.defaults = {};
    /** @type {Switch[]} */
    this.switches = [];
    this.said = element("p", { role: "status" });
    this.editor = new Editor("All defaults", "preferences, as JSON", "Set", async (text) => this.#after(await call("PUT", "defaults", { body: text })));
    this.editor.text.rows = 4;
    const reset = button("Reset the session", () => this.#reset());
    this.content = [
      this.#makeSwitch("code", "Every reply has the status", "503", ""),
      this.#makeSwitch("delay", "Every reply is slower by", "2", "seconds"),
      this.said,
      element("details", {}, element("summary", {}, "More"), this.editor.content),
      element("p", {}, "A reset removes defaults, added answers and records, and the requests of the session from the journal."),
      element("div", { class: "buttons" }, reset),
    ];
    for (const name of ["session", "token"]) changes.addEventListener(name, () => this.read());
  }

  async read() {
    this.#show(await call("GET", "defaults"));
  }

  /**
   * @param {string} key
   * @param {string} title
   * @param {string} start
   * @param {string} unit
   */
  #makeSwitch(key, title, start, unit) {
    const mark = element("input", { type: "checkbox", role: "switch", change: () => this.#turn() });
    const value = element("input", { type: "text", inputmode: "decimal", "aria-label": `${title}: value`, change: () => mark.checked && this.#turn() });
    value.value = start;
    this.switches.push({ key, mark, value });
    return element("div", { class: "buttons switch" }, element("label", {}, mark, ` ${title}`), value, unit);
  }

  /** Set what the switches say; other defaults stay. */
  async #turn() {
    const wanted = { ...this.defaults };
    for (const { key, mark, value } of this.switches) {
      if (mark.checked) wanted[key] = isJson(value.value) ? JSON.parse(value.value) : value.value;
      else delete wanted[key];
    }
    this.#show(await call("PUT", "defaults", { body: JSON.stringify(wanted) }));
  }

  /** @param {import("./stub.js").Told} told */
  #show(told) {
    this.said.className = told.ok ? "" : "problem";
    if (!told.ok) {
      this.said.textContent = told.message;
      return;
    }
    this.defaults = told.value;
    for (const { key, mark, value } of this.switches) {
      mark.checked = key in told.value;
      if (mark.checked) value.value = String(told.value[key]);
    }
    const names = Object.entries(told.value).map(([key, value]) => `${key}=${value}`);
    this.said.textContent = names.length ? `Defaults of the session: ${names.join(", ")}.` : "The session has no defaults.";
    this.editor.text.value = JSON.stringify(told.value);
  }

  async #reset() {
    const told = await call("POST", "reset");
    if (!told.ok) this.#show(told);
    else await this.read();
  }

  /** @param {import("./stub.js").Told} told */
  async #after(told) {
    if (told.ok) this.#show(told);
    return told;
  }
}

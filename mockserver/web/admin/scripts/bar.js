/** The bar above the views: the session, the token where one is asked for, and files that cannot be served. */

import { button, element } from "./elements.js";
import { call, news } from "./stub.js";
import { readSession, useSession, useToken } from "./visitor.js";

/** Lets a person choose the session, and tells what concerns all views. */
export class Bar {
  constructor() {
    this.names = element("datalist", { id: "sessions" });
    this.session = element("input", { type: "text", list: "sessions", autocomplete: "off", spellcheck: "false", placeholder: "the default session", focus: () => this.#listNames() });
    this.token = element("input", { type: "password", autocomplete: "off" });
    this.refusal = element("p", { class: "problem" });
    this.note = element("span", { class: "note" });
    this.problem = element("p", { class: "problem", role: "alert" });
    this.stale = element("p", { class: "stale", role: "status" });
    this.forget = button("Forget it", () => this.#forget());
    this.tokenForm = element("form", { hidden: true, submit: (event) => this.#useToken(event) },
      this.refusal, element("div", { class: "buttons" }, element("label", {}, "Token ", this.token), element("button", {}, "Use it")));
    this.content = element("section", { class: "bar", "aria-label": "Session and token" }, this.stale,
      element("form", { submit: (event) => this.#choose(event) },
        element("div", { class: "buttons" }, element("label", {}, "Session ", this.session), this.names, element("button", {}, "Use"), this.forget, this.note)),
      this.problem, this.tokenForm);
    news.addEventListener("refused", (event) => this.#askForToken(/** @type {CustomEvent} */ (event).detail));
    news.addEventListener("stale", (event) => this.#tellStale(/** @type {CustomEvent} */ (event).detail));
    this.#show();
  }

  #show() {
    const name = readSession();
    this.session.value = name;
    this.forget.hidden = !name;
    this.note.textContent = name ? "Contents is of the default session, all else of this one." : "";
  }

  /** @param {Event} event */
  async #choose(event) {
    event.preventDefault();
    const name = this.session.value.trim();
    const told = await call("GET", "defaults", { session: name });
    this.problem.textContent = told.message;
    if (!told.ok) return;
    useSession(name);
    this.#show();
  }

  async #forget() {
    const told = await call("DELETE", `sessions/${encodeURIComponent(readSession())}`, { session: "" });
    this.problem.textContent = told.status === 404 ? "" : told.message;
    useSession("");
    this.#show();
  }

  async #listNames() {
    const told = await call("GET", "sessions", { session: "" });
    const names = (told.value?.sessions ?? []).slice(0, 100).map((/** @type {any} */ each) => each.id);
    this.names.replaceChildren(...names.map((/** @type {string} */ each) => element("option", { value: each })));
  }

  /** @param {string} message */
  #askForToken(message) {
    this.refusal.textContent = message;
    this.tokenForm.hidden = false;
  }

  /** @param {Event} event */
  #useToken(event) {
    event.preventDefault();
    this.tokenForm.hidden = true;
    useToken(this.token.value.trim());
    this.token.value = "";
  }

  /** @param {string} place */
  #tellStale(place) {
    const text = place ? `What was saved last cannot be served: ${place}. This is the last good state; the terminal says what is wrong.` : "";
    if (this.stale.textContent !== text) this.stale.textContent = text;
  }
}

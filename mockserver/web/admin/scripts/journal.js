/** The journal, live: what was asked, the newest first. It asks again and again, as long as the page can be seen. */

import { button, element } from "./elements.js";
import { makeEntry, readEntry } from "./entry.js";
import { LongList } from "./long_list.js";
import { call } from "./stub.js";
import { changes } from "./visitor.js";

const PAUSE = 1000;
const HELD = 1000;

/** @typedef {import("./entry.js").Entry} Entry */

/** The list of entries, and what keeps it up to date. */
export class Journal {
  /** @param {import("./entry.js").Deeds} deeds what can be done with an entry */
  constructor(deeds) {
    this.rows = element("div", { class: "entries" });
    this.list = new LongList(this.rows, (/** @type {Entry} */ each) => makeEntry(each, deeds), readEntry);
    this.paused = element("input", { type: "checkbox" });
    this.status = element("p", { role: "status", class: "note" });
    const forget = button("Forget all", () => this.#forget());
    this.list.head.append(element("label", {}, this.paused, " Pause"), forget);
    this.content = [this.list.head, this.status, this.rows, this.list.more];
    this.last = 0;
    this.total = 0;
    this.round = 0;
    for (const name of ["session", "token"]) changes.addEventListener(name, () => this.#begin());
    document.addEventListener("visibilitychange", () => this.#read());
    this.#begin();
    this.#goOn();
  }

  /**
   * Begin again, with all that the journal has.
   * @returns {Promise<void>}
   */
  #begin() {
    this.round += 1;
    this.last = 0;
    this.total = 0;
    return this.#read();
  }

  async #goOn() {
    await new Promise((done) => setTimeout(done, PAUSE));
    if (!this.paused.checked) await this.#read();
    this.#goOn();
  }

  /** Read what is new. If the total does not fit, the journal was emptied or the stub started anew. */
  async #read() {
    if (document.hidden) return;
    const { round, last } = this;
    const told = await call("GET", "requests", { query: [["since", String(last)], ["limit", String(HELD)]] });
    if (round !== this.round || last !== this.last) return;
    this.status.textContent = told.message;
    if (!told.ok) return;
    const { requests, total, evicted } = told.value;
    if (last > 0 && total !== this.total + requests.length) return this.#begin();
    this.total = total;
    this.last = requests.at(-1)?.number ?? last;
    if (last === 0) this.list.fill(requests.reverse());
    else if (requests.length) this.list.prepend(requests.reverse(), HELD);
    if (!total) this.status.textContent = "Nothing was asked yet.";
    else if (evicted) this.status.textContent = `The journal has dropped the first ${evicted.toLocaleString("en")} of ${total.toLocaleString("en")} requests.`;
  }

  async #forget() {
    const told = await call("DELETE", "requests");
    this.status.textContent = told.message;
    if (told.ok) await this.#begin();
  }
}

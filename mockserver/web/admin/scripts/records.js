/** The records that were added, which lie over those of the files: they can be changed and removed. */

import { Editor } from "./editor.js";
import { button, element, oneLine } from "./elements.js";
import { LongList } from "./long_list.js";
import { call } from "./stub.js";
import { changes } from "./visitor.js";

/** @typedef {{key: string, schema: string, source: string, members: Record<string, unknown>, links: string[]}} Added */

/** The list of added records, and the field that adds some. */
export class Records {
  /** @param {(target: string) => void} open what to do with the target of a record */
  constructor(open) {
    this.open = open;
    const note = "YAML or JSON, as in a fixture file; a record of the same key is replaced";
    this.editor = new Editor("Records", note, "Add or replace", async (text) => this.#after(await call("POST", "records", { body: text })));
    this.rows = element("ul", { class: "rows" });
    this.list = new LongList(this.rows, (/** @type {Added} */ each) => this.#show(each), (each) => `${each.key} ${JSON.stringify(each.members)}`);
    this.list.head.append(button("Remove all", async () => this.#after(await call("DELETE", "records"))));
    this.problem = element("p", { class: "problem", role: "alert" });
    this.content = [this.editor.content, element("h3", {}, "Added"), this.list.head, this.problem, this.rows, this.list.more];
    for (const name of ["session", "token"]) changes.addEventListener(name, () => this.read());
  }

  async read() {
    const told = await call("GET", "records");
    this.problem.textContent = told.message;
    this.list.fill(told.value?.records ?? []);
  }

  /** @param {Added} record */
  #show(record) {
    const { key, schema, members, links } = record;
    const name = element("span", {}, element("b", {}, oneLine(key)), " ", element("span", { class: "note" }, oneLine(JSON.stringify(members), 160)));
    const deeds = [
      ...links.slice(0, 1).map((each) => button("Ask", () => this.open(each))),
      button("Edit", () => this.editor.open(JSON.stringify({ schema, records: [members] }, null, 2))),
      button("Remove", async () => this.#after(await call("DELETE", `records/${encodeURIComponent(key)}`))),
    ];
    return element("li", {}, name, ...deeds);
  }

  /** @param {import("./stub.js").Told} told */
  async #after(told) {
    await this.read();
    if (!told.ok && !told.problems.length) this.problem.textContent = told.message;
    return told;
  }
}

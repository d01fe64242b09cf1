/** Coverage: what requests have exercised, in words and in colours. */

import { button, element, oneLine } from "./elements.js";
import { LongList } from "./long_list.js";
import { call } from "./stub.js";
import { changes } from "./visitor.js";

/** @typedef {{operation: string, part: string, name: string, count: number, declared: boolean}} Row */

const HEADS = ["Operation", "Part", "Name", "Requests"];

/** A table of what the contract has, and the list of fixtures that no request used. */
export class Coverage {
  constructor() {
    this.said = element("p", { class: "line", role: "status" });
    this.rows = element("tbody", { role: "rowgroup" });
    this.list = new LongList(this.rows, showRow, (each) => `${each.operation} ${each.part} ${each.name} ${sayCount(each)}`);
    this.unused = element("ul", { class: "rows" });
    const head = element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...HEADS.map((each) => element("th", { role: "columnheader", scope: "col" }, each))));
    this.content = [
      this.said,
      element("div", { class: "buttons" }, button("Measure again", () => this.read())),
      this.list.head,
      element("table", { role: "table", "aria-label": "Coverage" }, head, this.rows),
      this.list.more,
      element("h3", {}, "Unused records and answers"),
      this.unused,
    ];
    for (const name of ["session", "token"]) changes.addEventListener(name, () => this.read());
  }

  async read() {
    const told = await call("GET", "coverage");
    this.said.textContent = told.message;
    if (!told.ok) return;
    const { percent, covered, total, rows, fixtures } = told.value;
    this.said.textContent = `${percent} %: ${covered} of ${total} in the contract, ${fixtures.used} of ${fixtures.total} records and answers used.`;
    this.list.fill(rows);
    const listed = fixtures.unused.map((/** @type {any} */ each) => [each.kind, each.name, each.place].filter(Boolean).join(" "));
    const hidden = fixtures.total - fixtures.used - listed.length;
    if (hidden) listed.push(`and ${hidden.toLocaleString("en")} more`);
    this.unused.replaceChildren(...(listed.length ? listed : ["None."]).map((/** @type {string} */ each) => element("li", {}, oneLine(each))));
  }
}

/** @param {Row} row */
function showRow(row) {
  const colour = !row.declared ? "poor" : row.count ? "good" : "bad";
  const cells = [["Part", row.part], ["Name", row.name]].map(([head, text]) => element("td", { role: "cell", "data-head": head }, oneLine(text)));
  return element("tr", { role: "row" }, element("th", { role: "rowheader", scope: "row" }, oneLine(row.operation)), ...cells, element("td", { role: "cell", "data-head": "Requests", class: colour }, sayCount(row)));
}

/** @param {Row} row */
function sayCount({ count, declared }) {
  if (!count) return "✗ none yet";
  return declared ? `✓ ${count.toLocaleString("en")}` : `! ${count.toLocaleString("en")}, not in the contract`;
}

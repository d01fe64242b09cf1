/** Makes the page a place to work. Without scripts it shows the contents alone. */

import { Ask } from "./ask.js";
import { Bar } from "./bar.js";
import { readOperations } from "./contract.js";
import { element } from "./elements.js";
import { Journal } from "./journal.js";
import { writeHeaders } from "./requests.js";
import { Views } from "./views.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const operations = await readOperations();
const views = new Views(main, new Bar().content);
const ask = new Ask(operations);
const journal = new Journal({ askAgain });

views.add("ask", "Ask", ask.content, (rest) => ask.open(rest));
views.add("journal", "Journal", journal.content);
openLinks();
views.follow(false);

/** @param {import("./entry.js").Entry} entry */
function askAgain({ method, target, headers, body }) {
  views.go("ask");
  ask.fill(method, target, writeHeaders(headers), body ?? "");
}

/** Let the entries of the lists open in the form, so that an empty 404 does not look like a broken page. */
function openLinks() {
  views.contents.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("table.list tbody a[href^='/']") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const line = `GET ${link.pathname}${link.search}`;
    views.go("ask", line);
    ask.open(line);
    ask.ask();
  });
  for (const line of views.contents.querySelectorAll("table.list tbody th code")) {
    const href = `#/ask?${encodeURIComponent(line.textContent ?? "")}`;
    line.replaceWith(element("a", { href }, line.cloneNode(true)));
  }
}

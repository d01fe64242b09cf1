/** Makes the page a place to work. Without scripts it shows the contents alone. */

import { Ask } from "./ask.js";
import { readOperations } from "./contract.js";
import { element } from "./elements.js";
import { Views } from "./views.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const operations = await readOperations();
const views = new Views(main);

if (operations.length) {
  const ask = new Ask(operations);
  views.add("ask", "Ask", ask.content, (rest) => ask.open(rest));
  openLinks(ask);
}
views.follow(false);

/**
 * Let the entries of the lists open in the form, so that an empty 404 does not look like a broken page.
 * @param {Ask} ask
 */
function openLinks(ask) {
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

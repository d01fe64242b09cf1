/** Makes the page a place to work. Without scripts it shows the contents alone. */

import { Answers } from "./answers.js";
import { Ask } from "./ask.js";
import { Bar } from "./bar.js";
import { readOperations } from "./contract.js";
import { Coverage } from "./coverage.js";
import { draftAnswer } from "./draft_answer.js";
import { element } from "./elements.js";
import { Journal } from "./journal.js";
import { Records } from "./records.js";
import { writeHeaders } from "./requests.js";
import { Steering } from "./steering.js";
import { Views } from "./views.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const operations = await readOperations();
const views = new Views(main, new Bar().content);
const ask = new Ask(operations);
const answers = new Answers(operations[0].id);
const records = new Records((target) => askNow(`GET ${target}`));
const coverage = new Coverage();
const steering = new Steering();
const journal = new Journal({ askAgain, makeAnswer });

views.add("ask", "Ask", ask.content, (rest) => ask.open(rest));
views.add("journal", "Journal", journal.content);
views.add("answers", "Answers", answers.content, () => answers.read());
views.add("records", "Records", records.content, () => records.read());
views.add("defaults", "Defaults", steering.content, () => steering.read());
views.add("coverage", "Coverage", coverage.content, () => coverage.read());
openLinks();
views.follow(false);

/** @param {import("./entry.js").Entry} entry */
function askAgain({ method, target, headers, body }) {
  views.go("ask");
  ask.fill(method, target, writeHeaders(headers), body ?? "");
}

/** @param {import("./entry.js").Entry} entry */
function makeAnswer(entry) {
  views.go("answers");
  answers.editor.open(draftAnswer(entry, operations));
}

/** @param {string} line */
function askNow(line) {
  views.go("ask", line);
  ask.ask();
}

/** Let the entries of the lists open in the form, so that an empty 404 does not look like a broken page. */
function openLinks() {
  views.contents.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("table.list tbody a[href^='/']") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    askNow(`GET ${link.pathname}${link.search}`);
  });
  for (const line of views.contents.querySelectorAll("table.list tbody th code")) {
    const href = `#/ask?${encodeURIComponent(line.textContent ?? "")}`;
    line.replaceWith(element("a", { href }, line.cloneNode(true)));
  }
}

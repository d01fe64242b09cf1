/** Elements of the page. Text is set as text, so that nothing in it is read as HTML. */

/**
 * Make an element. A function among the attributes listens to the event of its name.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | ((event: any) => unknown)>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * Make a button that does something and sends no form.
 * @param {string} text
 * @param {() => unknown} deed
 */
export function button(text, deed) {
  return element("button", { type: "button", click: deed }, text);
}

/**
 * Make a field below its label; the note stands beside the label.
 * @param {string} name
 * @param {HTMLElement} input
 * @param {string} note
 */
export function field(name, input, note = "") {
  const title = element("span", { class: "label" }, name);
  if (note) title.append(" ", element("span", { class: "note" }, note));
  return element("label", { class: "field" }, title, input);
}

/**
 * Make a status, with the colour of its class.
 * @param {number} status
 */
export function statusMark(status) {
  return element("span", { class: `status status-${String(status)[0]}` }, String(status));
}

/**
 * Make a list of names and values.
 * @param {Iterable<[string, string]>} pairs
 */
export function pairList(pairs) {
  const list = element("dl");
  for (const [name, value] of pairs) {
    list.append(element("div", {}, element("dt", {}, oneLine(name)), element("dd", {}, oneLine(value))));
  }
  return list;
}

/**
 * Make a block of text that keeps its lines, and that the keyboard can scroll.
 * @param {string} text
 * @param {string} label
 */
export function textBlock(text, label) {
  return element("pre", { tabindex: "0", role: "region", "aria-label": label }, text);
}

const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}]/gu;

/**
 * Return text on one line, with escapes for characters that cannot be seen or that change how others are shown.
 * @param {string} text
 * @param {number} longest
 */
export function oneLine(text, longest = 2000) {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

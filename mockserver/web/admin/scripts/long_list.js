/** Lists that stay quick when they are long: a part is shown, and a button shows more. */

import { button, element } from "./elements.js";

const STEP = 100;

/**
 * Shows things, each as an element.
 * @template Thing
 */
export class LongList {
  /**
   * @param {HTMLElement} place the element that gets the elements
   * @param {(thing: Thing) => HTMLElement} make
   * @param {(thing: Thing) => string} read the text that a filter searches
   */
  constructor(place, make, read = String) {
    this.place = place;
    this.make = make;
    this.read = read;
    /** @type {Thing[]} */
    this.things = [];
    this.most = STEP;
    this.found = element("input", { type: "search", "aria-label": "Filter", placeholder: "Filter", input: () => this.#draw() });
    this.count = element("span", { class: "count", role: "status" });
    this.more = button(`Show ${STEP} more`, () => this.#showMore());
    this.head = element("div", { class: "buttons filter" }, this.found, this.count);
  }

  /** @param {Thing[]} things */
  fill(things) {
    this.things = things;
    this.#draw();
  }

  /**
   * Put new things first. Those at the end are left out once there are too many, unless they are open.
   * @param {Thing[]} things
   * @param {number} held the most things that are held
   */
  prepend(things, held) {
    this.things = [...things, ...this.things].slice(0, held);
    const wanted = this.#list();
    const first = things.filter((each) => wanted.includes(each)).slice(0, this.most);
    this.place.prepend(...first.map(this.make));
    while (this.place.childElementCount > this.most && !this.place.lastElementChild?.matches("[open]")) this.place.lastElementChild?.remove();
    this.#tell(wanted.length);
  }

  #list() {
    const wanted = this.found.value.trim().toLowerCase();
    return wanted ? this.things.filter((each) => this.read(each).toLowerCase().includes(wanted)) : this.things;
  }

  #draw() {
    const wanted = this.#list();
    this.most = STEP;
    this.place.replaceChildren(...wanted.slice(0, this.most).map(this.make));
    this.#tell(wanted.length);
  }

  #showMore() {
    const wanted = this.#list();
    const shown = this.place.childElementCount;
    this.most += STEP;
    this.place.append(...wanted.slice(shown, this.most).map(this.make));
    this.#tell(wanted.length);
  }

  /** @param {number} total */
  #tell(total) {
    const shown = this.place.childElementCount;
    this.count.textContent = shown < total ? `${shown.toLocaleString("en")} of ${total.toLocaleString("en")}` : total.toLocaleString("en");
    this.more.hidden = shown >= total;
  }
}

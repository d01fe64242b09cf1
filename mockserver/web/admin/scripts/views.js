/** The views of the page, one of which is shown: the contents that the server wrote, or a place to work. */

import { element } from "./elements.js";

const START = "#/";

/** Shows the view that the address names, and tells it what stands behind its name. */
export class Views {
  /**
   * @param {HTMLElement} main the element that has the contents, which become the first view
   * @param {HTMLElement} bar what stands above all views
   */
  constructor(main, bar) {
    this.main = main;
    this.contents = element("div", {}, ...main.childNodes);
    this.links = element("ul");
    /** @type {Map<string, {panel: HTMLElement, show: (rest: string) => void}>} */
    this.panels = new Map();
    this.current = "";
    main.append(this.contents);
    main.before(element("nav", { class: "views", "aria-label": "Views" }, this.links), bar);
    this.#link("", "#main", "Contents");
    addEventListener("hashchange", () => this.follow());
  }

  /**
   * Add a view; `show` is called whenever it comes into view, with what the address says behind its name.
   * @param {string} name
   * @param {string} title
   * @param {HTMLElement[]} content
   * @param {(rest: string) => void} show
   */
  add(name, title, content, show = () => {}) {
    const heading = element("h2", { tabindex: "-1" }, title);
    const panel = element("section", { class: "work", "aria-label": title, hidden: true }, heading, ...content);
    this.panels.set(name, { panel, show });
    this.main.append(panel);
    this.#link(name, START + name, title);
  }

  /**
   * Go to a view; an address says the same.
   * @param {string} name
   * @param {string} rest
   */
  go(name, rest = "") {
    const hash = START + name + (rest && `?${encodeURIComponent(rest)}`);
    if (location.hash !== hash) history.pushState(null, "", hash);
    this.follow();
  }

  /** Show what the address names. Any other anchor is one of the contents. */
  follow(hasMoved = true) {
    const [name, rest] = location.hash.startsWith(START) ? location.hash.slice(START.length).split("?") : ["", ""];
    const shown = this.panels.get(name);
    this.current = shown ? name : "";
    this.contents.hidden = shown !== undefined;
    for (const each of this.panels.values()) each.panel.hidden = each !== shown;
    for (const link of this.links.querySelectorAll("a")) {
      if (link.dataset.view === this.current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (shown) {
      if (hasMoved) shown.panel.querySelector("h2")?.focus();
      shown.show(decodeURIComponent(rest ?? ""));
    } else if (location.hash.length > 1) {
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    }
  }

  /**
   * @param {string} name
   * @param {string} address
   * @param {string} title
   */
  #link(name, address, title) {
    this.links.append(element("li", {}, element("a", { href: address, "data-view": name }, title)));
  }
}

/** How far each entry of the browser's history was scrolled: whoever goes back or loads anew is where they were. */

const KEPT = "segue.entries";
const MOST = 200; // entries of a tab, those that were left last

export class Entries {
  /** @type {Map<number, number>} pixels from the top by entry */
  #tops = new Map(kept());
  #shown = null; // the entry whose place is seen
  #wanted = null; // how far to go once the place is long enough: lists come later
  #reached = 0;

  /** @param {HTMLElement} scroller holds the place that is seen */
  constructor(scroller) {
    this.scroller = scroller;
    this.grown = new ResizeObserver(() => this.#reach());
    scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    window.addEventListener("pagehide", () => this.#keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.#keep()); // a phone may end it then
  }

  /** Show the place of the present entry instead of what is seen, as far down as it was left. */
  show(element) {
    this.#keep();
    this.#shown = present();
    this.#wanted = this.#tops.get(this.#shown) ?? 0;
    this.grown.disconnect();
    this.scroller.replaceChildren(element);
    this.grown.observe(element);
    this.#reach();
  }

  #reach() {
    if (this.#wanted === null) return;
    this.scroller.scrollTop = this.#wanted;
    this.#reached = this.scroller.scrollTop;
    if (this.#reached > this.#wanted - 1) this.#wanted = null;
  }

  #onScroll() {
    if (Math.abs(this.scroller.scrollTop - this.#reached) >= 1) this.#wanted = null; // somebody goes elsewhere
  }

  #keep() {
    if (this.#shown === null) return;
    this.#tops.delete(this.#shown);
    this.#tops.set(this.#shown, this.#wanted ?? this.scroller.scrollTop);
    sessionStorage.setItem(KEPT, JSON.stringify([...this.#tops].slice(-MOST)));
  }
}

/** Have the present entry of the history know more than before, such as what was searched. */
export function remember(more, address = location.href) {
  history.replaceState({ ...history.state, ...more }, "", address);
}

/** The number of the present entry, which is given one where it has none. */
function present() {
  if (!history.state?.entry) remember({ entry: performance.timeOrigin + performance.now() });
  return history.state.entry;
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return []; // damaged by hand: lists begin at their top
  }
}

/** Long lists: only the lines that are seen exist, and only the parts that are looked at are asked for. */

const SPARE = 6; // lines above and below what is seen
const PART = 100; // rows of a request
const AGAIN_AFTER = 5_000; // milliseconds until a part that did not come may be asked for again

/**
 * A long list of the server, of which parts come as they are looked at.
 * @template Row
 */
export class Parts {
  /** @type {Map<number, Row>} */
  #rows = new Map();
  #asked = new Set();
  total = null; // unknown until the first answer
  error = null;

  /** @param {(offset: number, size: number) => Promise<{total: number, rows: Row[]}>} load @param {number} [size] */
  constructor(load, size = PART) {
    this.load = load;
    this.size = size;
    this.onarrive = () => {};
  }

  /** A list that is here already. */
  static of(rows) {
    const made = new Parts(async () => ({ total: rows.length, rows }), Math.max(rows.length, 1));
    rows.forEach((row, index) => made.#rows.set(index, row));
    made.total = rows.length;
    made.#asked.add(0);
    return made;
  }

  /** The row, or null until it has come; asks for its part. */
  at(index) {
    const row = this.#rows.get(index);
    if (row === undefined) this.#ask(Math.floor(index / this.size));
    return row ?? null;
  }

  /** So many rows from one on, as far as there are any; asks for those that are missing. */
  async slice(from, count) {
    const found = [];
    while (found.length < count && (this.total === null || from + found.length < this.total)) {
      const at = from + found.length;
      if (!this.#rows.has(at)) await this.#fetch(Math.floor(at / this.size));
      if (!this.#rows.has(at)) break;
      found.push(this.#rows.get(at));
    }
    return found;
  }

  #ask(part) {
    if (this.#asked.has(part)) return;
    this.#asked.add(part);
    this.#fetch(part).then(
      () => this.onarrive(),
      (error) => {
        this.error = error;
        setTimeout(() => this.#asked.delete(part), AGAIN_AFTER); // at once, lines made anew would ask without end
        this.onarrive();
      },
    );
  }

  async #fetch(part) {
    const answer = await this.load(part * this.size, this.size);
    this.total = answer.total;
    this.error = null;
    answer.rows.forEach((row, index) => this.#rows.set(part * this.size + index, row));
  }
}

/** Lines of one height in an element that scrolls, made when they come into sight. */
export class Virtual {
  #lines = new Map();
  #count = 0;
  #planned = 0;

  /**
   * @param {HTMLElement} list holds the lines
   * @param {HTMLElement} scroller an element around it
   * @param {{height: () => number, line: (index: number) => HTMLElement}} how pixels of a line, and what is on it
   */
  constructor(list, scroller, how) {
    this.list = list;
    this.scroller = scroller;
    this.how = how;
    list.classList.add("virtual");
    this.onscroll = () => this.#plan();
    scroller.addEventListener("scroll", this.onscroll, { passive: true });
    this.resized = new ResizeObserver(() => this.#plan());
    this.resized.observe(scroller);
  }

  end() {
    this.scroller.removeEventListener("scroll", this.onscroll);
    this.resized.disconnect();
    cancelAnimationFrame(this.#planned);
  }

  /** So many lines; those that exist are made again. */
  reset(count) {
    this.#count = count;
    for (const line of this.#lines.values()) line.remove();
    this.#lines.clear();
    this.show();
  }

  /** Bring a line into sight and return it. */
  reveal(index) {
    const [top, height] = [this.#offset() + index * this.how.height(), this.how.height()];
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    const under = top + height - this.scroller.clientHeight;
    if (under > this.scroller.scrollTop) this.scroller.scrollTop = under;
    this.show();
    return this.#lines.get(index) ?? null;
  }

  /** Number of the first line that is seen. */
  get first() {
    return Math.min(Math.max(0, Math.floor((this.scroller.scrollTop - this.#offset()) / this.how.height())), Math.max(0, this.#count - 1));
  }

  /** How many lines fit into the window. */
  get fitting() {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.how.height()) - 1);
  }

  show() {
    const height = this.how.height();
    this.list.style.height = `${this.#count * height}px`;
    const above = this.scroller.scrollTop - this.#offset();
    const first = Math.max(0, Math.floor(above / height) - SPARE);
    const last = Math.min(this.#count, Math.ceil((above + this.scroller.clientHeight) / height) + SPARE);
    for (const [index, line] of this.#lines) if (index < first || index >= last) this.#drop(index, line);
    let behind = null;
    for (let index = last - 1; index >= first; index -= 1) {
      behind = this.#lines.get(index) ?? this.#make(index, height, behind);
    }
  }

  #make(index, height, behind) {
    const line = this.how.line(index);
    line.style.transform = `translateY(${index * height}px)`;
    line.style.height = `${height}px`;
    this.list.insertBefore(line, behind);
    this.#lines.set(index, line);
    return line;
  }

  #drop(index, line) {
    if (line.contains(document.activeElement)) return; // the focus would fall back to the top of the page
    line.remove();
    this.#lines.delete(index);
  }

  #offset() {
    return this.list.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top + this.scroller.scrollTop;
  }

  #plan() {
    cancelAnimationFrame(this.#planned);
    this.#planned = requestAnimationFrame(() => this.show());
  }
}

/** The queue in the panel: what plays, what comes, moved by dragging or by Alt and the arrow keys. */

import { h, icon, iconButton, nameButton, notice, rem } from "./dom.js";
import { Virtual } from "./virtual.js";
import { confirm } from "./menu.js";
import { span, tr, trn } from "./words.js";

const LINE = 3.5; // rem

export class QueueView {
  #virtual;
  #drag = null;

  /** @param {object} app @param {HTMLElement} scroller the panel that it scrolls in */
  constructor(app, scroller) {
    this.app = app;
    this.scroller = scroller;
    this.sum = h("p", { class: "soft seed" });
    this.list = h("div", { class: "lines-of-queue", role: "list", "aria-label": tr("Queue") });
    this.words = h("div", {});
    this.element = h("div", {}, this.sum, this.list, this.words);
    this.tools = [
      iconButton("save", tr("Save as playlist"), () => app.actions.newPlaylist(app.queue.entries.map((entry) => entry.track.id))),
      iconButton("trash", tr("Clear queue"), () => this.#clear()),
    ];
    this.#virtual = new Virtual(this.list, scroller, { height: () => this.#height(), line: (index) => this.#line(index) });
    this.changed = () => this.#refresh();
    app.queue.addEventListener("changed", this.changed);
    this.list.addEventListener("keydown", (event) => this.#onKey(event));
    requestAnimationFrame(() => {
      this.#refresh();
      if (app.queue.at > 0) this.#virtual.reveal(Math.min(app.queue.at + 3, app.queue.entries.length - 1));
    });
  }

  end() {
    this.#virtual.end();
    this.app.queue.removeEventListener("changed", this.changed);
  }

  #refresh(focus = this.#focused()) {
    const { entries } = this.app.queue;
    const seconds = entries.reduce((sum, entry) => sum + (entry.track.seconds || 0), 0);
    this.sum.textContent = entries.length ? `${trn("{number} track", "{number} tracks", entries.length)} · ${span(seconds)}` : "";
    this.words.replaceChildren(...(entries.length ? [] : [notice(tr("The queue is empty."), tr("Play an album, or add tracks from any list."))]));
    this.list.hidden = !entries.length;
    this.#virtual.reset(entries.length);
    if (focus >= 0) this.#virtual.reveal(Math.min(focus, entries.length - 1))?.querySelector(".name")?.focus();
  }

  #focused() {
    const line = this.list.contains(document.activeElement) ? document.activeElement.closest("[role=listitem]") : null;
    return line ? Number(line.dataset.index) : -1;
  }

  #line(index) {
    const { queue } = this.app;
    const { track } = queue.entries[index];
    const now = index === queue.at;
    const handle = h("span", { class: "handle", "aria-hidden": "true" }, icon("drag"));
    const name = nameButton(this.app, track, tr("Play"), () => queue.jump(index));
    if (now) name.setAttribute("aria-current", "true");
    const more = iconButton("more", tr("More for {title}", { title: track.title }), () => this.#menu(more, index), { "aria-haspopup": "menu" });
    const line = h("div", { role: "listitem", class: now ? "line plays-now" : "line", "aria-setsize": queue.entries.length, "aria-posinset": index + 1 }, handle, name, more);
    line.dataset.index = index;
    handle.addEventListener("pointerdown", (event) => this.#onGrab(event, index, handle));
    return line;
  }

  #menu(anchor, index) {
    const { queue, actions } = this.app;
    const { track, how } = queue.entries[index];
    actions.menu(anchor, track, how, [
      { label: tr("Move up"), glyph: "up", off: index === 0, act: () => this.#move(index, index - 1) },
      { label: tr("Move down"), glyph: "down", off: index === queue.entries.length - 1, act: () => this.#move(index, index + 1) },
      { label: tr("Remove from queue"), glyph: "trash", act: () => queue.remove(index) },
    ]);
  }

  #move(from, to) {
    if (to < 0 || to >= this.app.queue.entries.length) return;
    this.app.queue.move(from, to);
    this.#refresh(to);
  }

  #onKey(event) {
    const index = this.#focused();
    if (index < 0) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && event.altKey) this.#move(index, index + by);
    else if (by) this.#virtual.reveal(Math.min(this.app.queue.entries.length - 1, Math.max(0, index + by)))?.querySelector(".name").focus();
    else if (event.key === "Delete") this.app.queue.remove(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onGrab(event, index, handle) {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const line = handle.closest(".line");
    line.classList.add("grabbed");
    this.#drag = { from: index, y: event.clientY, to: index };
    handle.onpointermove = (moved) => this.#onPull(moved, line);
    handle.onpointerup = handle.onpointercancel = (ended) => this.#onDrop(ended, line);
  }

  #onPull(event, line) {
    const { from, y } = this.#drag;
    const by = event.clientY - y;
    const last = this.app.queue.entries.length - 1;
    this.#drag.to = Math.min(last, Math.max(0, from + Math.round(by / this.#height())));
    line.style.transform = `translateY(${from * this.#height() + by}px)`;
  }

  #onDrop(event, line) {
    const { from, to } = this.#drag;
    this.#drag = null;
    line.classList.remove("grabbed");
    if (event.type === "pointerup" && from !== to) this.app.queue.move(from, to);
    else this.#refresh();
  }

  async #clear() {
    const sure = await confirm(tr("Clear queue"), tr("Everything but the track that plays is taken out."), tr("Clear queue"));
    if (sure) this.app.queue.clear();
  }

  #height() {
    return LINE * rem();
  }
}

/** The panel beside the music: More like this, the queue, lyrics; it follows what plays unless it is pinned. */

import { h, iconButton, notice, setPressed } from "./dom.js";
import { QueueView } from "./queueview.js";
import { lyricsView } from "./lyrics.js";
import { oneOf, similarRows } from "./tracklist.js";
import { tr } from "./words.js";

const ROWS = 30;
const AGAIN_AFTER = 500; // milliseconds: a play tells of several changes
const BY = "segue.by";
const TAB = "segue.panel";
const WIDE = "(min-width: 70rem)";

/** `changed` tells of another tab, or that the panel is open or closed; `tab` is empty where it is. */
export class Panel extends EventTarget {
  #view = null;

  constructor(app) {
    super();
    this.app = app;
    this.tab = "";
    this.title = h("h2", {});
    this.tools = h("div", { class: "tools" });
    this.body = h("div", { class: "panel-body" });
    const close = iconButton("close", tr("Close"), () => this.close());
    this.element = h("aside", { id: "panel", class: "panel", hidden: true, "aria-label": tr("Beside the music") }, h("header", {}, this.title, this.tools, close), this.body);
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** Open it as it was left, where there is room for it. */
  restore() {
    if (matchMedia(WIDE).matches) this.open(localStorage.getItem(TAB) ?? "similar");
  }

  /** @param {string} tab `similar`, `queue`, `lyrics`, or empty for none */
  open(tab, seed = null) {
    this.#view?.end();
    this.#view = null;
    this.tab = tab;
    this.element.hidden = !tab;
    document.body.classList.toggle("with-panel", Boolean(tab));
    if (tab) this.#fill(tab, seed);
    localStorage.setItem(TAB, tab);
    this.dispatchEvent(new Event("changed"));
  }

  close() {
    this.open("");
  }

  /** Another place is shown: where the panel lies over it, it makes way. */
  makeWay() {
    if (this.tab && !matchMedia(WIDE).matches) this.close();
  }

  toggle(tab) {
    this.open(this.tab === tab ? "" : tab);
  }

  /** Show what is like a track, whatever plays. */
  show(track) {
    this.open("similar", track);
  }

  #fill(tab, seed) {
    const views = { similar: () => new SimilarView(this.app, seed), queue: () => new QueueView(this.app, this.body), lyrics: () => lyricsView(this.app) };
    const names = { similar: tr("More like this"), queue: tr("Queue"), lyrics: tr("Lyrics") };
    if (!views[tab]) return this.close();
    this.title.textContent = names[tab];
    this.#view = views[tab]();
    this.tools.replaceChildren(...(this.#view.tools ?? []));
    this.body.replaceChildren(this.#view.element);
    this.body.scrollTop = 0;
    return undefined;
  }
}

/** What is like the seed: by sound, by words, by what listeners play, or by all of it. */
class SimilarView {
  #asked = null;

  /** @param {?import("./api.js").Track} seed pinned, or null to follow what plays */
  constructor(app, seed) {
    this.app = app;
    this.pinned = seed;
    this.by = localStorage.getItem(BY) ?? "sound";
    this.pin = iconButton("pin", tr("Pin"), () => this.#setPinned(this.pinned ? null : app.player.track));
    const queueAll = iconButton("queue", tr("Add all to queue"), () => this.#addAll());
    this.tools = [this.pin, queueAll];
    const ways = [["sound", tr("Sound")], ["words", tr("Words")], ["listeners", tr("Listeners")], ["all", tr("All")]];
    this.seedLine = h("p", { class: "soft seed" });
    this.list = h("div", {});
    this.element = h("div", { class: "similar-view" }, oneOf(tr("Go by"), ways, this.by, (by) => this.#setBy(by)), this.seedLine, this.list);
    this.rows = [];
    this.onTrack = () => !this.pinned && this.load();
    app.player.addEventListener("track", this.onTrack);
    this.stop = app.changes.on(["model", "opinions", "plays"], () => this.load(), AGAIN_AFTER);
    setPressed(this.pin, Boolean(seed));
    this.load();
  }

  end() {
    this.#asked?.abort();
    this.stop();
    this.app.player.removeEventListener("track", this.onTrack);
  }

  get seed() {
    return this.pinned ?? this.app.player.track;
  }

  async load() {
    this.#asked?.abort();
    const seed = this.seed;
    this.seedLine.textContent = seed ? tr("Like {title} by {artist}", { title: seed.title, artist: seed.artist }) : "";
    if (!seed) return this.#show([], tr("Play something, and what is like it appears here."));
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const answer = await this.app.api.get("similar", { seed: seed.id, size: ROWS, by: this.by }, asked.signal);
      this.#show(answer.rows, answer.message, answer.advice);
    } catch (error) {
      if (error.name !== "AbortError") this.#show([], error.message, error.advice);
    }
    return undefined;
  }

  #show(rows, message, advice) {
    this.rows = rows;
    const told = message ? [notice(message, advice)] : rows.length ? [] : [notice(tr("Nothing is like it yet."))];
    const seed = this.seed;
    const add = (track, index) => this.app.actions.add([track], this.#how(index));
    const menu = (anchor, track, index) =>
      this.app.actions.menu(anchor, track, this.#how(index), [
        { label: tr("Hide here"), glyph: "hide", act: () => this.#hide(seed, track) },
      ]);
    this.list.replaceChildren(...told, ...(rows.length ? [similarRows(this.app, rows, add, menu)] : []));
  }

  #how(index) {
    return { source: "more-like", seed: this.seed.id, position: index };
  }

  async #hide(seed, track) {
    try {
      await this.app.api.post("hide", { seed: seed.id, track: track.id, hidden: true });
      this.app.say(tr("{title} is hidden for {seed}.", { title: track.title, seed: seed.title }), {
        label: tr("Undo"),
        act: () => this.app.api.post("hide", { seed: seed.id, track: track.id, hidden: false }).then(() => this.load()),
      });
      await this.load();
    } catch (error) {
      this.app.say(error.message);
    }
  }

  #addAll() {
    const tracks = this.rows.map((row) => row.track);
    if (tracks.length) this.app.actions.add(tracks, { source: "more-like", seed: this.seed.id });
  }

  #setBy(by) {
    this.by = by;
    localStorage.setItem(BY, by);
    this.load();
  }

  #setPinned(track) {
    this.pinned = track;
    setPressed(this.pin, Boolean(track));
    if (!track) this.load();
  }
}

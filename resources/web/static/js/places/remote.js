/** The remote: what the desktop player plays, and its buttons, for a listener who may use it. */

import { cover, h, heading, iconButton, nameButton, notice, setIcon, setLabel } from "../dom.js";
import { clock, perCent, tr } from "../words.js";

const ASK_EVERY = 5_000; // milliseconds: the position moves on by itself in between

export function remotePlace(app) {
  const holder = h("div", { class: "remote" });
  const remote = new Remote(app, holder);
  return { element: h("div", {}, heading(tr("Desktop player")), holder), end: () => remote.end() };
}

class Remote {
  constructor(app, holder) {
    this.app = app;
    this.holder = holder;
    this.state = null;
    this.#build();
    this.stop = app.changes.on(["remote"], () => this.load());
    this.timer = setInterval(() => this.load(), ASK_EVERY);
    this.load();
  }

  end() {
    this.stop();
    clearInterval(this.timer);
  }

  async load() {
    try {
      this.#show(await this.app.api.get("remote"));
    } catch (error) {
      this.holder.replaceChildren(notice(error.message, error.advice));
    }
  }

  async #send(command, value = undefined) {
    try {
      await this.app.api.post("remote", { command, value });
      await this.load();
    } catch (error) {
      this.app.say(error.message);
    }
  }

  #build() {
    this.picture = h("div", { class: "large-cover" });
    this.names = h("div", { class: "large-names" });
    this.play = iconButton("play", tr("Play"), () => this.#send(this.state?.playing ? "pause" : "play"), { class: "tool play" });
    const previous = iconButton("previous", tr("Previous"), () => this.#send("previous"));
    const next = iconButton("next", tr("Next"), () => this.#send("next"));
    this.seek = h("input", { type: "range", min: 0, step: 1, "aria-label": tr("Position") });
    this.seek.addEventListener("change", () => this.#send("seek", Number(this.seek.value)));
    this.volume = h("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": tr("Volume") });
    this.volume.addEventListener("change", () => this.#send("volume", Number(this.volume.value)));
    this.queue = h("ol", { class: "similar-rows", "aria-label": tr("Queue of the desktop") });
    const buttons = h("div", { class: "transport row centre" }, previous, this.play, next);
    this.parts = [h("div", { class: "now" }, this.picture, h("div", { class: "large-rest" }, this.names, this.seek, buttons, this.volume)), this.queue];
  }

  #show(state) {
    this.state = state;
    if (!state.running) return this.holder.replaceChildren(notice(tr("The desktop player does not run.")));
    if (!this.picture.isConnected) this.holder.replaceChildren(...this.parts);
    const { track } = state;
    this.picture.replaceChildren(cover(track ? this.app.address(track.cover) : "", 480));
    this.names.replaceChildren(h("h2", {}, track ? track.title : tr("Nothing plays.")), h("p", { class: "soft" }, track ? track.artist : ""));
    setIcon(this.play, state.playing ? "pause" : "play");
    setLabel(this.play, state.playing ? tr("Pause") : tr("Play"));
    this.seek.max = String(state.seconds || 0);
    if (document.activeElement !== this.seek) this.seek.value = String(state.position || 0);
    this.seek.setAttribute("aria-valuetext", tr("{position} of {length}", { position: clock(state.position), length: clock(state.seconds) }));
    if (document.activeElement !== this.volume) this.volume.value = String(state.volume);
    this.volume.setAttribute("aria-valuetext", perCent(state.volume));
    this.queue.replaceChildren(...(state.rows ?? []).map((row, index) => this.#row(row, index)));
    return undefined;
  }

  #row(track, index) {
    const current = index === this.state.current;
    const name = nameButton(this.app, track, tr("Play"), () => this.#send("jump", index));
    if (current) name.setAttribute("aria-current", "true");
    return h("li", { class: current ? "plays-now" : null }, name);
  }
}

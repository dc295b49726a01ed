/** The bar of what plays: cover, names, waveform, transport, volume; the same parts large as the place "Now playing". */

import { cover, h, icon, iconButton, setIcon, setLabel, setPressed } from "./dom.js";
import { heart, stars, thumbs } from "./opinions.js";
import { REPEATS } from "./queue.js";
import { clock, perCent, tr } from "./words.js";
import { Waveform } from "./waveform.js";

const REPEAT_NAMES = { off: () => tr("Repeat: off"), all: () => tr("Repeat: queue"), one: () => tr("Repeat: track") };

/** The bar at the foot of the page. */
export function nowBar(app) {
  const { player } = app;
  const names = h("div", { class: "names" });
  const picture = h("a", { class: "picture", href: "#/now", "aria-label": tr("Now playing") });
  const opinion = h("div", { class: "opinion" });
  const dress = () => {
    const track = player.track;
    picture.replaceChildren(cover(track ? app.address(track.cover) : "", 56));
    names.replaceChildren(...(track ? nameLines(track) : [h("span", { class: "first soft" }, tr("Nothing plays."))]));
    opinion.replaceChildren(...(track ? [heart(app.opinions, track), thumbs(app.opinions, track)] : []));
    tell(app, track);
  };
  player.addEventListener("track", dress);
  dress();
  return h("div", { class: "bar" }, picture, names, transport(app), timeline(app), opinion, tools(app));
}

/** The place "Now playing": large, for a phone in the hand or a screen across the room. */
export function nowPlace(app) {
  const { player } = app;
  const picture = h("div", { class: "large-cover" });
  const names = h("div", { class: "large-names" });
  const opinion = h("div", { class: "row centre" });
  const dress = () => {
    const track = player.track;
    picture.replaceChildren(cover(track ? app.address(track.cover) : "", 640));
    names.replaceChildren(h("h1", {}, track ? track.title : tr("Nothing plays.")), ...(track ? nameLines(track).slice(1) : []));
    opinion.replaceChildren(...(track ? [heart(app.opinions, track), thumbs(app.opinions, track), stars(app.opinions, track)] : []));
  };
  const gone = new AbortController(); // its parts listen until then; those of the bar for ever
  const { signal } = gone;
  player.addEventListener("track", dress, { signal });
  dress();
  const rest = h("div", { class: "large-rest" }, names, timeline(app, signal), h("div", { class: "row centre" }, transport(app, signal)), opinion, h("div", { class: "row centre" }, tools(app, signal)));
  const element = h("div", { class: "now" }, picture, rest);
  return { element, end: () => gone.abort() };
}

function nameLines(track) {
  const title = track.albumId ? h("a", { class: "first", href: `#/albums/${track.albumId}` }, track.title) : h("span", { class: "first" }, track.title);
  const artist = track.artistId ? h("a", { class: "second", href: `#/artists/${track.artistId}` }, track.artist) : h("span", { class: "second" }, track.artist);
  return [title, artist];
}

function transport(app, signal = undefined) {
  const { player, queue } = app;
  const play = iconButton("play", tr("Play"), () => player.toggle(), { class: "tool play" });
  const shuffle = iconButton("shuffle", tr("Shuffle"), () => queue.setShuffle(!queue.shuffle));
  const repeat = iconButton("repeat", "", () => queue.setRepeat(REPEATS[(REPEATS.indexOf(queue.repeat) + 1) % REPEATS.length]));
  const previous = iconButton("previous", tr("Previous"), () => player.previous());
  const next = iconButton("next", tr("Next"), () => player.next(), { class: "tool next" });
  const dress = () => {
    setIcon(play, player.playing ? "pause" : "play");
    setLabel(play, player.playing ? tr("Pause") : tr("Play"));
    for (const button of [play, previous, next]) button.disabled = !player.track;
    setPressed(shuffle, queue.shuffle);
    setPressed(repeat, queue.repeat !== "off");
    setIcon(repeat, queue.repeat === "one" ? "repeat-one" : "repeat");
    setLabel(repeat, REPEAT_NAMES[queue.repeat]());
  };
  for (const kind of ["state", "track"]) player.addEventListener(kind, dress, { signal });
  queue.addEventListener("changed", dress, { signal });
  dress();
  return h("div", { class: "transport", role: "group", "aria-label": tr("Playback") }, shuffle, previous, play, next, repeat);
}

function timeline({ player, api }, signal = undefined) {
  const [now, rest] = [h("span", { class: "clock" }), h("span", { class: "clock" })];
  const dress = () => {
    now.textContent = clock(player.position);
    rest.textContent = clock(player.seconds);
  };
  for (const kind of ["time", "track"]) player.addEventListener(kind, dress, { signal });
  dress();
  return h("div", { class: "timeline" }, now, new Waveform(player, api, signal).element, rest);
}

function volume({ player }, signal) {
  const mute = iconButton("volume", tr("Mute"), () => (player.muted = !player.muted));
  const slider = h("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": tr("Volume") });
  slider.addEventListener("input", () => (player.volume = Number(slider.value)));
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  const dress = () => {
    slider.value = String(player.volume);
    slider.setAttribute("aria-valuetext", perCent(player.volume));
    setIcon(mute, player.muted || player.volume === 0 ? "muted" : "volume");
    setPressed(mute, player.muted);
  };
  player.addEventListener("volume", dress, { signal });
  dress();
  return h("div", { class: "volume" }, mute, slider);
}

function tools(app, signal = undefined) {
  const { radio, panel } = app;
  const radioButton = iconButton("radio", tr("Radio"), () => radio.toggle());
  const dressRadio = () => setPressed(radioButton, radio.on);
  radio.addEventListener("changed", dressRadio, { signal });
  dressRadio();
  const panels = [
    ["similar", "similar", tr("More like this")],
    ["queue", "queue", tr("Queue")],
    ["lyrics", "lyrics", tr("Lyrics")],
  ].map(([tab, glyph, label]) => panelButton(panel, tab, glyph, label, signal));
  return h("div", { class: "tools" }, radioButton, ...panels, volume(app, signal));
}

function panelButton(panel, tab, glyph, label, signal) {
  const made = h("button", { type: "button", class: `tool ${tab}`, "aria-label": label, title: label, "aria-expanded": "false", "aria-controls": "panel", onclick: () => panel.toggle(tab) }, icon(glyph));
  panel.addEventListener("changed", () => made.setAttribute("aria-expanded", String(panel.tab === tab)), { signal });
  return made;
}

/** The title of the window, and a sentence for screen readers. */
function tell(app, track) {
  document.title = track ? `${track.title} – ${track.artist}` : "Segue";
  if (track) app.announce(tr("Now playing: {title} by {artist}", { title: track.title, artist: track.artist }));
}

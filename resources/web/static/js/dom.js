/** Builds elements. What comes from the server is only ever set as text or as an attribute, never parsed as markup. */

/**
 * An element with attributes, listeners (`onclick` and so on) and children.
 *
 * @param {string} tag
 * @param {Object<string, any>} [given] attributes; those that are null or false are left out
 * @param {...(Node|string|null|false)} children
 * @returns {HTMLElement}
 */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) put(made, name, value);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function put(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

const SVG = "http://www.w3.org/2000/svg";

/** A glyph of `icons.svg`, which says nothing to a screen reader: its button does. */
export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `static/icons.svg#${name}`);
  made.append(use);
  return made;
}

/** Puts another glyph into what `icon` made, or into a button with one. */
export function setIcon(holder, name) {
  holder.querySelector("use").setAttribute("href", `static/icons.svg#${name}`);
}

/** A button that is an icon; its name is read out, and shown where a pointer rests. */
export function iconButton(name, label, onclick, given = {}) {
  return h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick, ...given }, icon(name));
}

/** A button with words, and an icon where one is named. */
export function wordButton(label, onclick, { glyph = "", primary = false, ...given } = {}) {
  const look = primary ? "word primary" : "word";
  return h("button", { type: "button", class: look, onclick, ...given }, glyph ? icon(glyph) : null, h("span", {}, label));
}

/** Names a button anew, for eyes and ears. */
export function setLabel(element, label) {
  element.setAttribute("aria-label", label);
  element.title = label;
}

/** Whether a button is pressed, as a toggle says it. */
export function setPressed(element, pressed) {
  element.setAttribute("aria-pressed", String(pressed));
}

/**
 * The picture of a track, an album or a list; decoration, since the names stand beside it.
 *
 * @param {string} address as the server names it, empty for none
 * @param {number} size in pixels of the page
 * @param {string} [glyph] shown where there is none
 */
export function cover(address, size, glyph = "note") {
  if (!address) return h("span", { class: "cover blank" }, icon(glyph));
  const wanted = size * Math.min(2, Math.ceil(window.devicePixelRatio || 1));
  const source = `${address}${address.includes("?") ? "&" : "?"}size=${wanted}`;
  const made = h("img", { class: "cover", src: source, alt: "", loading: "lazy", decoding: "async", width: size, height: size });
  made.addEventListener("error", () => made.replaceWith(h("span", { class: "cover blank" }, icon(glyph))), { once: true });
  return made;
}

/**
 * What names a track in a list: its picture, title and artist; `act` says to a screen reader what choosing it does.
 *
 * @param {object} app
 * @param {import("./api.js").Track} track
 * @param {string} act
 * @param {() => void} onclick
 * @param {...Node} more to its right
 */
export function nameButton(app, track, act, onclick, ...more) {
  const two = h("span", { class: "two" }, h("span", { class: "first" }, track.title), h("span", { class: "second" }, track.artist));
  const said = h("span", { class: "unseen" }, act);
  return h("button", { type: "button", class: "name", onclick }, cover(app.address(track.cover), 40), two, ...more, said);
}

/** Pixels of one rem of the style. */
export function rem() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** A heading with what can be done on its right. */
export function heading(text, ...tools) {
  return h("div", { class: "heading" }, h("h1", {}, text), h("div", { class: "tools" }, ...tools));
}

/** What stands where a list would: why there is nothing, and what to do. */
export function notice(text, advice = "") {
  return h("div", { class: "notice" }, h("p", {}, text), advice ? h("p", { class: "soft" }, advice) : null);
}

/** Words, numbers and times in the language of the page; the texts come with it, translated by the server. */

/**
 * @typedef {object} PageTexts
 * @property {string} language code, such as `de`
 * @property {string} base path before every address of the server, such as `/music`, or empty
 * @property {Object<string, string>} texts translations by their English
 * @property {Object<string, [string, string]>} plurals by the English of one: for one, for another number
 */

/** @type {PageTexts} */
export const page = JSON.parse(document.getElementById("page").textContent);

const whole = new Intl.NumberFormat(page.language, { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat(page.language, { style: "percent", maximumFractionDigits: 0 });

/** The translation of an English text, its `{places}` filled in afterwards. */
export function tr(text, values = {}) {
  return filled(page.texts[text] ?? text, values);
}

/** The translation for a number of things; `{number}` is filled in, with separators between thousands. */
export function trn(one, many, amount) {
  const forms = page.plurals[one] ?? [one, many];
  return filled(forms[amount === 1 ? 0 : 1], { number: number(amount) });
}

/** 106,574 in English, 106.574 in German. */
export function number(value) {
  return whole.format(value);
}

/** 0.42 as 42 %. */
export function perCent(value) {
  return share.format(value);
}

/** Seconds as 3:05 or 1:02:03. */
export function clock(seconds) {
  const all = Math.max(0, Math.floor(seconds || 0));
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  const tail = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** How long a list is: 42 min, 3 h 5 min. */
export function span(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return tr("{minutes} min", { minutes });
  return tr("{hours} h {minutes} min", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** A day in the way of the language; seconds since 1970, empty for never. */
export function day(at) {
  return at ? new Date(at * 1000).toLocaleDateString(page.language) : "";
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

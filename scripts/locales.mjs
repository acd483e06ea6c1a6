// Writes src/chatkit/compiler/_locales.json: how each locale writes dates and numbers, as this Node's Intl does.
// Run by hand: node scripts/locales.mjs
import { writeFileSync } from "node:fs";

const LOCALES =
  "en-US en-GB en-AU en-CA en-IN en-IE de-DE de-CH fr-FR es-ES es-MX it-IT pt-BR nl-NL sv-SE da-DK nb-NO pl-PL cs-CZ ja-JP ko-KR zh-CN".split(" ");
const CURRENCIES = "USD EUR GBP JPY INR CNY KRW CAD AUD MXN BRL NZD CHF SEK NOK DKK PLN CZK".split(" ");
const TUESDAY = new Date(Date.UTC(2003, 1, 4, 5, 6, 7));
const SHORT = { undefined: "-", long: "L", short: "s", numeric: "n", "2-digit": "2" };

const parts = (locale, options, date = TUESDAY) =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).formatToParts(date);
const pick = (locale, options, type, date) => parts(locale, options, date).find((one) => one.type === type)?.value;

/** Sets of names: months and weekdays differ by length, and by what stands beside them. */
function nameSets(locale) {
  const months = (options) =>
    [...Array(12)].map((_, at) => pick(locale, options, "month", new Date(Date.UTC(2003, at, 4))));
  const days = (options) => [...Array(7)].map((_, at) => pick(locale, options, "weekday", new Date(Date.UTC(2003, 1, 2 + at))));
  const sets = { month: [], weekday: [] };
  for (const month of ["long", "short"])
    for (const rest of [{}, { day: "numeric" }, { year: "numeric" }, { day: "numeric", year: "numeric" }])
      sets.month.push(months({ month, ...rest }));
  for (const weekday of ["long", "short"]) for (const rest of [{}, { day: "numeric", month: "long" }]) sets.weekday.push(days({ weekday, ...rest }));
  const distinct = (list) => [...new Map(list.map((one) => [one.join(), one])).values()];
  return { month: distinct(sets.month), weekday: distinct(sets.weekday) };
}

function writeDate(locale, sets, options) {
  const write = (one) => {
    const digits = /^\d+$/.test(one.value);
    if (one.type === "literal") return one.value;
    if (one.type === "year") return one.value.length === 2 ? "{y}" : "{Y}";
    if (one.type === "day") return one.value.length === 2 ? "{dd}" : "{d}";
    if (one.type === "month" && digits) return one.value.length === 2 ? "{mm}" : "{m}";
    if (one.type === "month") return `{b${sets.month.findIndex((set) => set[1] === one.value)}}`;
    if (one.type === "weekday") return `{a${sets.weekday.findIndex((set) => set[2] === one.value)}}`;
    return null;
  };
  const written = parts(locale, options).map(write);
  return written.includes(null) || written.some((one) => one.includes("-1}")) ? null : written.join("");
}

function writeTime(locale, options) {
  const cycle = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).resolvedOptions().hourCycle;
  // hour12: true counts from 12 and hour12: false from 0, whatever older engines made of it.
  const kind = options.hour12 === false ? "H" : { h11: locale === "ja-JP" ? "K" : "h", h12: "h", h23: "H", h24: "H" }[cycle];
  const write = (one) => {
    if (one.type === "literal") return one.value.replace("\u202f", " ");
    if (one.type === "hour") return one.value.length === 2 ? `{${kind}${kind}}` : `{${kind}}`;
    return { minute: "{MM}", second: "{SS}", dayPeriod: "{p}" }[one.type];
  };
  return parts(locale, options).map(write).join("");
}

const gather = (pairs) => {
  const out = {};
  for (const [key, pattern] of pairs) if (pattern !== null) out[pattern] = out[pattern] ? `${out[pattern]} ${key}` : key;
  return out;
};

function datePatterns(locale, sets) {
  const pairs = ["full", "long", "medium", "short"].map((style) => [style, writeDate(locale, sets, { dateStyle: style })]);
  for (const weekday of [undefined, "long", "short"])
    for (const year of [undefined, "numeric", "2-digit"])
      for (const month of [undefined, "long", "short", "numeric", "2-digit"])
        for (const day of [undefined, "numeric", "2-digit"]) {
          const given = { weekday, year, month, day };
          const key = Object.values(given).map((one) => SHORT[one]).join("");
          if (key !== "----") pairs.push([key, writeDate(locale, sets, given)]);
        }
  return gather(pairs);
}

function timePatterns(locale) {
  const pairs = [["medium", writeTime(locale, { timeStyle: "medium" })], ["short", writeTime(locale, { timeStyle: "short" })]];
  for (const hour of ["numeric", "2-digit"])
    for (const minute of [undefined, "numeric", "2-digit"])
      for (const second of [undefined, "numeric", "2-digit"])
        for (const hour12 of [undefined, true, false])
          if (minute || !second) {
            const key = `${SHORT[hour]}${SHORT[minute]}${SHORT[second]}${hour12 === undefined ? "-" : hour12 ? "t" : "f"}`;
            pairs.push([key, writeTime(locale, { hour, minute, second, hour12 })]);
          }
  return gather(pairs);
}

/** What stands between date and time, by the style or by how the month is written. */
function joints(locale, sets) {
  const between = (date, time) => {
    const whole = parts(locale, { ...date, ...time }).map((one) => one.value).join("");
    const head = parts(locale, date).map((one) => one.value).join("");
    const tail = parts(locale, time).map((one) => one.value).join("");
    return whole.startsWith(head) && whole.endsWith(tail) ? whole.slice(head.length, whole.length - tail.length) : ", ";
  };
  const out = {};
  for (const style of ["full", "long", "medium", "short"]) out[style] = between({ dateStyle: style }, { timeStyle: "short" });
  for (const month of ["long", "short", "numeric"])
    out[SHORT[month]] = between({ year: "numeric", month, day: "numeric" }, { hour: "2-digit", minute: "2-digit" });
  return out;
}

function numbers(locale) {
  const of = (options, value) => new Intl.NumberFormat(locale, options).formatToParts(value);
  const find = (type, options = {}, value = 1234567.5) => of(options, value).find((one) => one.type === type)?.value ?? "";
  const pattern = (options, value) =>
    of(options, value)
      .map((one) => (["integer", "group", "decimal", "fraction"].includes(one.type) ? "#" : one.value))
      .join("")
      .replace(/#+/, "#");
  const money = {};
  for (const currency of CURRENCIES) {
    const options = { style: "currency", currency };
    money[currency] = [pattern(options, 5), pattern(options, -5)];
  }
  return {
    group: find("group"),
    decimal: find("decimal"),
    minus: find("minusSign", {}, -5),
    least: of({}, 1234).some((one) => one.type === "group") ? 1 : 2,
    lakh: of({}, 1234567).filter((one) => one.type === "group").length === 2 && of({}, 1234567)[2].value.length === 2,
    percent: pattern({ style: "percent" }, 0.5),
    money,
  };
}

const out = {};
for (const locale of LOCALES) {
  const sets = nameSets(locale);
  const half = (hour) => pick(locale, { hour: "numeric", hour12: true }, "dayPeriod", new Date(Date.UTC(2003, 1, 4, hour)));
  out[locale] = {
    months: sets.month,
    weekdays: sets.weekday,
    halves: [half(5), half(17)],
    dates: datePatterns(locale, sets),
    times: timePatterns(locale),
    joints: joints(locale, sets),
    numbers: numbers(locale),
  };
}
const lines = Object.entries(out).map(([locale, facts]) => `${JSON.stringify(locale)}: ${JSON.stringify(facts)}`);
writeFileSync(new URL("../src/chatkit/compiler/_locales.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);

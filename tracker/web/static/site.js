// The slider of a site of files: the days come from scripts beside the page, since a page on a disk may read no other file.
// It goes on from page.js, which is loaded before it and has what both sliders do.
"use strict";

// days.js says `siteDays`: the marks of the slider and the parts; a part calls addPart with its first day whole, then changes.
const parts = new Map(), waiting = new Map();

function addPart(part) {
  parts.set(part.day, part);
  waiting.get(part.day)?.(part);
}

function loadPart(day, name) {
  if (parts.has(day)) return Promise.resolve(parts.get(day));
  return new Promise((found, failed) => {
    waiting.set(day, found);
    const script = document.createElement("script");
    script.src = name;
    script.onerror = () => failed(new Error(name));
    document.head.append(script);
  });
}

if ($("#day-form") && siteDays.marks.length) startSite($("#day-form"));

function startSite(form) {
  const slider = $(".slider", form), range = $("input", slider), date = $("[name=on]", form);
  const days = siteDays.marks.map(([day]) => day);
  const written = date.value, first = number(days[0]), last = number(written);
  range.min = first; range.max = last; range.value = last;
  date.min = days[0]; date.max = written;
  draw($(".ticks", slider), siteDays.marks, first, last);
  const ends = slider.querySelectorAll(".ends span");
  ends[0].textContent = days[0]; ends[1].textContent = written;
  for (const one of [form, slider, ...form.querySelectorAll("[hidden]")]) one.hidden = false;

  const nodes = [$(".basis"), ...document.querySelectorAll("#matrix tbody :is(tr, th, td)"), $(".legend")];
  const now = nodes.map((node) => node.matches("tr") ? node.className : null);
  let shown = written, asked = 0;

  async function piecesOn(day) {
    const [first, name] = siteDays.parts.findLast(([one]) => one <= day);
    const part = await loadPart(first, name), pieces = [...part.pieces];
    for (const [on, changed] of part.changes) {
      if (on > day) break;
      for (const [at, piece] of changed) pieces[at] = piece;
    }
    return pieces;
  }

  async function show(day) {
    const turn = ++asked;
    day = day < days[0] ? days[0] : day > written ? written : day;
    const pieces = await piecesOn(day).catch(() => null);
    if (!pieces || turn !== asked) return;
    date.value = day; range.value = number(day);
    const title = dayText(day);
    range.setAttribute("aria-valuetext", title);
    let moved = 0;
    pieces.forEach((piece, at) => {
      if (piece === now[at]) return;
      now[at] = piece;
      if (nodes[at].matches("tr")) { nodes[at].className = piece; return; }
      const there = parse(piece, nodes[at].localName), focused = nodes[at].contains(document.activeElement);
      if (nodes[at].localName === "td" && $(".stance", nodes[at])?.textContent !== $(".stance", there)?.textContent) {
        moved += 1;
        there.classList.add("moved");
      }
      nodes[at].replaceWith(there);
      nodes[at] = there;
      if (focused) $("a", there)?.focus();
    });
    for (const time of document.querySelectorAll("#matrix td time")) time.textContent = age(time.dateTime, day);
    $("#day-title").textContent = title;
    document.title = document.title.replace(/ on .* ·/, ` on ${title} ·`);
    history.replaceState(null, "", day === written ? location.pathname : `#${day}`);
    shown = day;
    say(`${title}: ${moved} ${moved === 1 ? "cell" : "cells"} changed`);
  }
  range.addEventListener("input", () => show(text(range.value)));
  steer(form, days, () => shown, show);
  form.addEventListener("submit", (event) => { event.preventDefault(); show(date.value); });
  const toFragment = () => { const day = location.hash.slice(1); if (/^\d{4}-\d\d-\d\d$/.test(day)) show(day); };
  addEventListener("hashchange", toFragment);
  toFragment();
}

function parse(html, name) {
  const template = document.createElement("template");
  template.innerHTML = name === "td" || name === "th" ? `<table><tbody><tr>${html}</tr></tbody></table>` : html;
  return name === "td" || name === "th" ? $(name, template.content) : template.content.firstElementChild;
}

// A day and an age as the pages write them.
function dayText(day) {
  const [year, month, date] = day.split("-");
  return `${Number(date)} ${"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[month - 1]} ${year}`;
}

function age(since, on) {
  const years = on.slice(0, 4) - since.slice(0, 4) - (on.slice(5) < since.slice(5) ? 1 : 0);
  return years < 2 ? `${(Date.parse(on) - Date.parse(since)) / 86400000}d` : `${years}y`;
}

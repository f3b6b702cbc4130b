// What pages do beyond links and forms: keys, the slider of days, and what a cell shows under the pointer.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const say = (text) => { $("#status").textContent = text; };

// --- keys ---------------------------------------------------------------------------------------
let went = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range]):not([type=radio]), textarea, select")) return;
  const key = event.key;
  if (went) {
    went = false;
    const tab = $(`.tabs a[data-key="${CSS.escape(key)}"]`);
    if (tab) { event.preventDefault(); tab.click(); }
    return;
  }
  if (key === "g") went = true;
  else if (key === "/") { event.preventDefault(); $("#find")?.focus(); }
  else if (key === "?") $("#keys").showModal();
  else if (key === "[" || key === "]") { event.preventDefault(); document.dispatchEvent(new CustomEvent("step", { detail: key === "]" ? 1 : -1 })); }
});

// --- the slider of days ---------------------------------------------------------------------------
const form = $("#day-form");
if (form?.dataset.days) startSlider(form);

async function startSlider(form) {
  const slider = $(".slider", form), range = $("input", slider), date = $("[name=on]", form);
  const found = await fetch(form.dataset.days, { headers: { Accept: "application/json" } });
  if (!found.ok) return;
  const marks = await found.json();
  if (!marks.length) return;
  const days = marks.map(([day]) => day);
  const today = new Date().toISOString().slice(0, 10);
  const first = number(days[0]), last = Math.max(number(days.at(-1)), number(today), number(date.value));
  range.min = first; range.max = last; range.value = number(date.value);
  draw($(".ticks", slider), marks, first, last);
  const ends = slider.querySelectorAll(".ends span");
  ends[0].textContent = days[0]; ends[1].textContent = text(last);
  slider.hidden = false;
  sayLatest($(".latest", form), days.at(-1), date.value);
  for (const button of form.querySelectorAll("button[hidden]")) button.hidden = false;
  $(".show", form).hidden = true;

  const pages = new Map();
  let shown = date.value, asked = 0;
  const address = (day) => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    query.set("on", day);
    if (query.get("clock") === "stated") query.delete("clock");
    return "/?" + query.toString().replaceAll("%2F", "/").replaceAll("%40", "@");
  };
  const load = (day) => {
    const href = address(day);
    if (!pages.has(href)) {
      if (pages.size > 60) pages.delete(pages.keys().next().value);
      pages.set(href, fetch(href).then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status)));
    }
    return pages.get(href);
  };
  const loadBeside = () => { for (const way of [1, -1]) { const next = neighbour(days, shown, way); if (next) load(next).catch(() => {}); } };
  async function show(day) {
    const turn = ++asked;
    date.value = day; range.value = number(day); range.setAttribute("aria-valuetext", day);
    let html;
    try { html = await load(day); } catch { location.assign(address(day)); return; }
    if (turn !== asked) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    const moved = swap($("#matrix"), $("#matrix", page));
    for (const part of ["#day-title", ".basis", ".take", "footer", ".tags"]) {
      const mine = $(part), theirs = $(part, page);
      if (mine && theirs) mine.replaceWith(theirs);
    }
    document.title = page.title;
    history.replaceState(null, "", address(day));
    shown = day;
    say(`${day}: ${moved} ${moved === 1 ? "cell" : "cells"} changed`);
    loadBeside();
  }
  let waiting;
  range.addEventListener("input", () => { date.value = text(range.value); clearTimeout(waiting); waiting = setTimeout(() => show(text(range.value)), 60); });
  for (const clock of form.querySelectorAll("[name=clock]")) clock.addEventListener("change", () => show(date.value));
  steer(form, days, () => shown, show);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.closest(".narrowing")) return;
    event.preventDefault();
    show(date.value);
  });
  loadBeside();
}

// A day as a number, and back.
function number(day) { return Date.parse(day) / 86400000; }
function text(at) { return new Date(at * 86400000).toISOString().slice(0, 10); }

function neighbour(days, day, way) { return way > 0 ? days.find((one) => one > day) : days.findLast((one) => one < day); }

// What moves the day beside the slider: its field, the buttons, the keys [ and ], and Play.
function steer(form, days, shown, show) {
  const date = $("[name=on]", form), play = $("[data-play]", form);
  const step = (way) => { const day = neighbour(days, shown(), way); if (day) show(day); return day; };
  let playing = 0;
  date.addEventListener("change", () => { if (date.value) show(date.value); });
  for (const button of form.querySelectorAll("[data-step]")) button.addEventListener("click", () => step(Number(button.dataset.step)));
  document.addEventListener("step", (event) => step(event.detail));
  play.addEventListener("click", () => {
    const stop = () => { clearInterval(playing); playing = 0; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); };
    if (playing) { stop(); return; }
    play.textContent = "Pause"; play.setAttribute("aria-pressed", "true");
    if (!neighbour(days, shown(), 1)) show(days[0]);
    playing = setInterval(() => { if (!step(1)) stop(); }, 900);
  });
}

// A record may have ended long ago: lead from today to its last day, and to what changed before it.
function sayLatest(place, day, shown) {
  if (!place || day >= shown) return;
  const filters = new URL(form.dataset.days, location.href).search.slice(1), kept = filters ? `&${filters}` : "";
  $(".latest-day", place).textContent = day;
  $(".latest-day", place).href = `/?on=${day}${kept}`;
  $(".latest-report", place).href = `/report?from=${text(number(day) - 365)}&to=${day}${kept}`;
  place.hidden = false;
}

function draw(svg, marks, first, last) {
  const most = Math.max(...marks.map(([, count]) => count));
  for (const [day, count] of marks) {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const height = 5 + 15 * count / most;
    mark.setAttribute("x", (1000 * (number(day) - first) / Math.max(1, last - first)).toFixed(1));
    mark.setAttribute("y", (20 - height).toFixed(1));
    mark.setAttribute("width", "2");
    mark.setAttribute("height", height.toFixed(1));
    svg.append(mark);
  }
}

// Put the cells of another day in place; those whose stance is another one are shown to have moved.
function swap(here, there) {
  const mine = here.querySelectorAll("td"), theirs = there.querySelectorAll("td");
  const same = mine.length === theirs.length && here.querySelectorAll("table").length === there.querySelectorAll("table").length;
  let moved = 0;
  if (same) {
    theirs.forEach((cell, at) => {
      const before = $(".stance", mine[at])?.textContent, after = $(".stance", cell)?.textContent;
      if (before !== after) { moved += 1; cell.classList.add("moved"); }
    });
  }
  const focused = document.activeElement?.closest?.("#matrix td a");
  const place = focused ? [...mine].indexOf(focused.closest("td")) : -1;
  const across = [...here.querySelectorAll(".scrolled")].map((one) => one.scrollLeft);
  here.replaceWith(there);
  there.querySelectorAll(".scrolled").forEach((one, at) => { one.scrollLeft = across[at] || 0; });
  if (place >= 0) theirs[place]?.querySelector("a")?.focus();
  return moved;
}

// --- what a cell shows under the pointer, or with the focus -----------------------------------------
const card = $("#card");
if (card) startCard(card);

function startCard(card) {
  let wanted, waiting;
  const hide = () => { wanted = null; clearTimeout(waiting); card.hidden = true; };
  const show = (link) => {
    wanted = link;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(link.getAttribute("href").replace(/^\/explain/, "/card")).catch(() => null);
      if (!answer?.ok || wanted !== link) return;
      const html = await answer.text();
      if (wanted !== link) return;
      card.innerHTML = html;
      card.hidden = false;
      const at = link.getBoundingClientRect();
      const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 12);
      const below = at.bottom + card.offsetHeight + 12 < innerHeight || at.top < card.offsetHeight;
      card.style.setProperty("left", `${Math.max(8, left + scrollX)}px`);
      card.style.setProperty("top", `${(below ? at.bottom + 6 : at.top - card.offsetHeight - 6) + scrollY}px`);
      link.setAttribute("aria-describedby", "card");
    }, 120);
  };
  for (const [event, act] of [["mouseover", show], ["focusin", show]]) {
    document.addEventListener(event, (happened) => {
      const link = happened.target.closest?.("#matrix td a");
      if (link) act(link);
      else if (!happened.target.closest?.("#card")) hide();
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}

// --- arrow keys from change to change ----------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, .scrolled")) return;
  const changes = [...document.querySelectorAll("[data-change], .pair, main .lines > li, .days > div")];
  if (!changes.length) return;
  const at = changes.indexOf(document.activeElement.closest("[data-change], .pair, .lines > li, .days > div"));
  const next = changes[Math.max(0, Math.min(changes.length - 1, at + way))];
  event.preventDefault();
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "center" });
});

// --- the log as it grows ----------------------------------------------------------------------------
const entries = $("table[data-events]");
if (entries) startLog(entries);

function startLog(table) {
  const body = $("tbody", table), title = document.title, stream = new EventSource(table.dataset.events);
  let came = 0, telling = 0;
  stream.addEventListener("entry", (event) => {
    if ($(`#e${event.lastEventId}`, body)) return;
    const rows = new DOMParser().parseFromString(`<table><tbody>${event.data}</tbody></table>`, "text/html");
    for (const row of rows.querySelectorAll("tr")) { row.classList.add("new"); body.prepend(row); }
    while (body.rows.length > 500) body.lastElementChild.remove();
    came += 1;
    document.title = `(${came}) ${title}`;
    clearTimeout(telling);
    telling = setTimeout(() => say(`${came} new ${came === 1 ? "entry" : "entries"} since this page was opened`), 300);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) say("New entries do not show here any more: load the page again.");
  });
}

// The sandbox page: shows what changed, and does what is pressed. Everything shown is painted by the server.

import { listen as listenToCombobox } from "/static/combobox.js";
import { flush, listen as listenToFields, placeOf } from "/static/fields.js";
import { parse, patch } from "/static/morph.js";
import { closeModal, confirmed, followModal, modal } from "/static/modal.js";
import { act, ownerOf, post, state, toast } from "/static/talk.js";

const page = document.body;
const one = (selector) => document.querySelector(selector);
let poll = new AbortController();
let following = true;
let wasPlaying = false;

// --- news ----------------------------------------------------------------------------------------------------------

async function listen() {
  for (;;) {
    poll = new AbortController();
    const mine = poll;
    try {
      const answer = await fetch(`/parts?${question()}`, { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.status);
      const news = await answer.json();
      if (!mine.signal.aborted && news.version >= state.floor) show(news);
      lost(false);
    } catch (trouble) {
      if (trouble.name === "AbortError") continue;
      lost(true);
      await new Promise((later) => setTimeout(later, 1500));
    }
  }
}

function lost(so) {
  page.classList.toggle("lost", so);
  one("#lost").hidden = !so;
}

function question() {
  const have = [...document.querySelectorAll("[data-part]")].map((p) => `${p.dataset.part}:${p.dataset.stamp}`);
  const { who, tab, beside, last } = state;
  const glance = Number(one("#pane-beside").checkVisibility()); // on a phone it is behind another
  return new URLSearchParams({ who, tab, beside, glance, after: last, have: have.join(",") });
}

function show(news) {
  const atEnd = scrolls().filter(isAtEnd);
  const focused = trail(document.activeElement);
  for (const [name, { html, stamp }] of Object.entries(news.parts)) {
    const part = one(`[data-part="${name}"]`);
    patch(part, parse(html));
    part.dataset.stamp = stamp;
  }
  followModal(one("#scroll"));
  refocus(focused);
  for (const scroll of atEnd) toEnd(scroll);
  for (const { who, name, text } of news.arrived) toast(text, { phone: name, quiet: [state.who, state.beside].includes(who) });
  state.last = news.last;
  followStory();
}

const scrolls = () => [one("#scroll"), one("#scroll-beside")];
const toEnd = (scroll) => {
  scroll.scrollTop = scroll.scrollHeight;
  scroll.dataset.whose = scroll.querySelector("ol")?.dataset.owner;
};

// At its end, or about to show somebody else.
function isAtEnd(scroll) {
  const whose = scroll.id === "scroll" ? state.who : state.beside;
  return scroll.dataset.whose !== whose || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
}

// The places around what had the focus, so that a button which vanishes hands it to its neighbourhood.
function trail(element) {
  const around = [];
  for (let at = element; at && at !== page; at = at.parentElement) around.push(at);
  return around;
}

function refocus(around) {
  if (!around.length || document.activeElement !== page) return;
  const near = around.find((place) => place.isConnected && place.checkVisibility() && !place.closest("dialog:not([open])"));
  if (!near) return;
  if (near.tabIndex < 0) near.tabIndex = -1;
  near.focus({ preventScroll: true });
}

function followStory() {
  const playing = one(".caption[data-playing]");
  if (playing && !wasPlaying) following = true;
  wasPlaying = Boolean(playing);
  const acting = playing?.dataset.acting;
  if (following && acting && acting !== state.who) be(acting);
}

// --- who, where ----------------------------------------------------------------------------------------------------

// Whoever was played stays beside, so that one sees there what one does here.
function be(who) {
  if (state.beside && who !== state.who) state.beside = state.who;
  state.who = who;
  page.dataset.who = who;
  look("messages");
  pane("chat");
}

function look(tab) {
  state.tab = tab;
  page.dataset.tab = tab;
  for (const name of ["messages", "home"]) {
    one(`#panel-${name}`).hidden = name !== tab;
    one(`#tab-${name}`)?.setAttribute("aria-selected", String(name === tab));
    one(`#tab-${name}`)?.setAttribute("tabindex", name === tab ? "0" : "-1");
  }
  page.dataset.beside = state.beside;
  history.replaceState(null, "", `/?${new URLSearchParams({ who: state.who, tab, beside: state.beside })}`);
  poll.abort();
  if (tab === "home") act("home");
}

function pane(name) {
  page.dataset.pane = name;
  for (const button of document.querySelectorAll("[data-do=pane]")) {
    button.setAttribute("aria-pressed", String(button.dataset.to === name));
  }
  if (name === "beside") {
    toEnd(one("#scroll-beside"));
    poll.abort();
  }
}

// --- what is pressed -----------------------------------------------------------------------------------------------

const doing = {
  be: ({ who }) => {
    following = false;
    be(who);
  },
  tab: ({ tab }) => look(tab),
  pane: ({ to }) => pane(to),
  clock: ({ move }) => act("clock", { move }),
  story: ({ name }) => post("story", { name }),
  stop: () => post("stop", {}),
  dismiss: () => post("dismiss", {}),
  say: ({ line }) => act("say", { line }),
  extend: ({ line }) => act("extend", { line }),
  close: (data) => closeModal("everything" in data),
};

const busy = new WeakSet();

async function pressed(button) {
  if (busy.has(button)) return;
  busy.add(button);
  try {
    if (button.dataset.do) await doing[button.dataset.do](button.dataset);
    else if (await confirmed(button)) {
      const form = button.closest("form");
      if (form) await flush(form);
      const { block, action } = button.dataset;
      await act("press", { who: ownerOf(button), place: placeOf(button), block, action });
    }
  } finally {
    busy.delete(button);
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do], [data-press]");
  if (button && !button.disabled) pressed(button);
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-watch]")) return;
  state.beside = target.value;
  look(state.tab);
});

one("#composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const line = one("#line");
  const typed = line.value;
  line.value = "";
  if (typed.trim() && !(await act("say", { line: typed })).ok) line.value = typed;
});

one("[role=tablist]").addEventListener("keydown", (event) => {
  if ((event.key !== "ArrowLeft" && event.key !== "ArrowRight") || !one("#tab-home")) return;
  look(state.tab === "home" ? "messages" : "home");
  one(`#tab-${state.tab}`).focus();
});

listenToFields();
listenToCombobox();
modal.listen();
scrolls().forEach(toEnd);
followModal(one("#scroll"));
if (state.tab === "home") act("home");
listen();

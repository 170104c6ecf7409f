// The sandbox page: shows what changed, and does what is pressed. Everything shown is painted by the server.

import { listen as listenToCombobox } from "/static/combobox.js";
import { flush, listen as listenToFields, placeOf } from "/static/fields.js";
import { parse, patch } from "/static/morph.js";
import { closeModal, confirmed, followModal, modal } from "/static/modal.js";
import { act, post, state, toast } from "/static/talk.js";

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
  return new URLSearchParams({ who: state.who, tab: state.tab, after: state.last, have: have.join(",") });
}

function show(news) {
  const scroll = one("#scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const someoneElse = !one(`[data-key="messages-${state.who}"]`);
  const focused = trail(document.activeElement);
  for (const [name, { html, stamp }] of Object.entries(news.parts)) {
    const part = one(`[data-part="${name}"]`);
    patch(part, parse(html));
    part.dataset.stamp = stamp;
  }
  followModal(one("#scroll"));
  refocus(focused);
  if (atEnd || someoneElse) scroll.scrollTop = scroll.scrollHeight;
  for (const { who, name, text } of news.arrived) toast(text, { phone: name, quiet: who === state.who });
  state.last = news.last;
  followStory();
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

function be(who) {
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
    one(`#tab-${name}`).setAttribute("aria-selected", String(name === tab));
    one(`#tab-${name}`).tabIndex = name === tab ? 0 : -1;
  }
  history.replaceState(null, "", `/?${new URLSearchParams({ who: state.who, tab })}`);
  poll.abort();
  if (tab === "home") act("home");
}

function pane(name) {
  page.dataset.pane = name;
  for (const button of document.querySelectorAll("[data-do=pane]")) {
    button.setAttribute("aria-pressed", String(button.dataset.to === name));
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
      await act("press", { place: placeOf(button), block: button.dataset.block, action: button.dataset.action });
    }
  } finally {
    busy.delete(button);
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do], [data-press]");
  if (button && !button.disabled) pressed(button);
});

one("#composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const line = one("#line");
  const typed = line.value;
  line.value = "";
  if (typed.trim() && !(await act("say", { line: typed })).ok) line.value = typed;
});

one("[role=tablist]").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  look(state.tab === "home" ? "messages" : "home");
  one(`#tab-${state.tab}`).focus();
});

listenToFields();
listenToCombobox();
modal.listen();
one("#scroll").scrollTop = one("#scroll").scrollHeight;
followModal(one("#scroll"));
if (state.tab === "home") act("home");
listen();

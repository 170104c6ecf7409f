// The way to the sandbox: acts go one after the other, in the order in which they were done.

const page = document.body;
export const state = {
  who: page.dataset.who,
  tab: page.dataset.tab,
  beside: page.dataset.beside,
  last: page.dataset.last,
  floor: 0, // news older than this workspace version are stale
};

// Whose chat or form this stands in; whoever is played, elsewhere.
export const ownerOf = (element) => element.closest("[data-owner]")?.dataset.owner ?? state.who;

let queue = Promise.resolve();

export function act(name, asked = {}) {
  const sent = { who: state.who, ...asked };
  const run = queue.then(() => post(name, sent));
  queue = run.catch(() => undefined);
  return run;
}

export async function post(name, sent) {
  page.classList.add("busy");
  try {
    const answer = await fetch(`/act/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ who: state.who, ...sent }),
    });
    const said = await answer.json().catch(() => ({ say: page.dataset.lost }));
    state.floor = Math.max(state.floor, said.version ?? 0);
    if (said.say) toast(said.say);
    return { ...said, ok: answer.ok };
  } catch {
    toast(page.dataset.lost);
    return { ok: false };
  } finally {
    page.classList.remove("busy");
  }
}

// A line that stays for a while. `phone` names whose locked phone shows it; `quiet` keeps it from being read out twice.
export function toast(words, { phone = "", quiet = false } = {}) {
  const shown = document.createElement("div");
  shown.className = phone ? "toast phone" : "toast";
  if (quiet) shown.setAttribute("aria-hidden", "true");
  if (phone) shown.append(piece("b", `SANDBOX · ${phone}${page.dataset.phone}`));
  shown.append(piece("span", words));
  const place = document.getElementById("toasts");
  for (const other of [...place.children]) if (other.textContent === shown.textContent) other.remove();
  place.append(shown);
  while (place.children.length > 3) place.firstChild.remove();
  shown.animate([{ opacity: 0 }, { opacity: 1 }], 250);
  setTimeout(() => shown.remove(), 8000);
}

function piece(tag, words) {
  const made = document.createElement(tag);
  made.textContent = words;
  return made;
}

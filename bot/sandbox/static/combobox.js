// A field that searches while one types (ARIA's combobox with a list): arrows and Enter, or the mouse.

import { hold, release } from "/static/morph.js";
import { placeOf, send } from "/static/fields.js";
import { ownerOf, post } from "/static/talk.js";

const PAUSE = 200;
const chosen = new WeakMap(); // field -> the words of what is chosen
let timer;
let round = 0;

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const optionsOf = (field) => [...listOf(field).querySelectorAll("[role=option][data-value]")];
const isOpen = (field) => field.getAttribute("aria-expanded") === "true";

function open(field, found) {
  hold(field);
  const list = listOf(field);
  list.replaceChildren(...found.map((option, at) => item(field, option, at)));
  if (!found.length) list.append(item(field, { label: document.body.dataset.none }, 0));
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  activate(field, 0);
  list.scrollIntoView({ block: "nearest" });
}

function item(field, option, at) {
  const line = document.createElement("li");
  line.id = `${field.id}-option-${at}`;
  line.setAttribute("role", "option");
  line.textContent = option.label;
  if (option.value === undefined) line.setAttribute("aria-disabled", "true");
  else line.dataset.value = option.value;
  return line;
}

function activate(field, at) {
  const options = optionsOf(field);
  for (const [n, option] of options.entries()) option.setAttribute("aria-selected", String(n === at));
  if (!options[at]) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", options[at].id);
  options[at].scrollIntoView({ block: "nearest" });
}

const activeAt = (field) => optionsOf(field).findIndex((o) => o.id === field.getAttribute("aria-activedescendant"));

function shut(field) {
  round += 1;
  clearTimeout(timer);
  listOf(field).hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

async function search(field) {
  const mine = (round += 1);
  if (field.value.length < Number(field.dataset.least)) return shut(field);
  const typed = field.value === chosen.get(field) ? "" : field.value;
  const { block, action } = field.dataset;
  const { options = [] } = await post("search", { who: ownerOf(field), place: placeOf(field), block, action, typed });
  if (mine === round && field.isConnected && field === document.activeElement) open(field, options);
}

function choose(field, option) {
  shut(field);
  field.value = option.textContent;
  field.dataset.value = option.dataset.value;
  chosen.set(field, field.value);
  send(field);
}

function leave(field) {
  shut(field);
  if (field.value === chosen.get(field)) release(field);
  else if (field.value === "" && field.dataset.value !== "") {
    field.dataset.value = "";
    chosen.set(field, "");
    send(field);
  } else {
    field.value = chosen.get(field) ?? "";
    release(field);
  }
}

function onKey(event, field) {
  const count = optionsOf(field).length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!isOpen(field)) search(field);
    else if (count) activate(field, (activeAt(field) + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
  } else if (event.key === "Enter" && (isOpen(field) || field.value !== (chosen.get(field) ?? ""))) {
    event.preventDefault(); // Enter chooses; the form is submitted by a second one
    const option = optionsOf(field)[activeAt(field)];
    if (isOpen(field) && option) choose(field, option);
  } else if (event.key === "Escape" && isOpen(field)) {
    event.preventDefault();
    shut(field);
  }
}

export function listen() {
  const field = (event) => event.target.closest?.("[role=combobox]");
  document.addEventListener("focusin", (event) => field(event) && chosen.set(field(event), field(event).value));
  document.addEventListener("focusout", (event) => field(event) && leave(field(event)));
  document.addEventListener("keydown", (event) => field(event) && onKey(event, field(event)));
  document.addEventListener("input", (event) => {
    if (!field(event)) return;
    hold(field(event));
    clearTimeout(timer);
    timer = setTimeout(() => search(field(event)), PAUSE);
  });
  document.addEventListener("pointerdown", (event) => event.target.closest?.("[role=listbox]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    if (field(event) && !isOpen(field(event))) search(field(event));
    const option = event.target.closest?.("[role=option][data-value]");
    if (option) choose(option.closest(".combobox").querySelector("[role=combobox]"), option);
  });
}

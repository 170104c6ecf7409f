// Fields of forms: what is typed or chosen goes to the sandbox as it happens, and all of it before a form is submitted.

import { hold, release } from "/static/morph.js";
import { act, ownerOf } from "/static/talk.js";

const waiting = new Map(); // field -> timer of a text that is still being typed
const left = new WeakSet(); // forms that are being closed: what is typed into them is nobody's any more
const PAUSE = 300;

export const fieldOf = (target) => target.closest?.("[data-kind]");
export const placeOf = (target) => target.closest("[data-place]")?.dataset.place;

function valueOf(field) {
  const kind = field.dataset.kind;
  if (kind === "checkboxes") return [...field.querySelectorAll(":checked")].map((box) => box.value);
  if (kind === "radio_buttons") return field.querySelector(":checked")?.value ?? "";
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return kind === "external_select" ? field.dataset.value : field.value;
}

// Returns when the sandbox knows; the field is held until then, so that older news do not undo it.
export async function send(field) {
  clearTimeout(waiting.get(field));
  waiting.delete(field);
  const place = placeOf(field);
  if (!place || left.has(field.closest("form"))) return;
  const value = valueOf(field);
  hold(field);
  await act("fill", { who: ownerOf(field), place, block: field.dataset.block, action: field.dataset.action, value });
  if (JSON.stringify(valueOf(field)) === JSON.stringify(value)) release(field);
}

export function typed(field) {
  hold(field);
  clearTimeout(waiting.get(field));
  if (!("dispatches" in field.dataset)) waiting.set(field, setTimeout(() => send(field), PAUSE));
}

export async function flush(form) {
  await Promise.all([...waiting.keys()].filter((field) => form.contains(field)).map(send));
}

export const leave = (form) => left.add(form);
export const stay = (form) => left.delete(form);

export function listen() {
  document.addEventListener("input", ({ target }) => {
    const field = fieldOf(target);
    if (field && target.matches("textarea, input:not([type=checkbox], [type=radio], [role=combobox])")) typed(field);
  });
  document.addEventListener("change", ({ target }) => {
    const field = fieldOf(target);
    if (field && !target.matches("[role=combobox]")) send(field);
  });
}

// The modal in front of the person played: a real dialog, with the story's bar and the toasts inside it while it is open.

import { flush, leave, stay } from "/static/fields.js";
import { act, ownerOf } from "/static/talk.js";

const dialog = document.getElementById("modal");
const asking = document.getElementById("confirm");
let seen = "";
let leaving = false;
let refused = false; // the form stayed open: the first field with words beside it gets the focus

const form = () => dialog.querySelector("form.modal");

// Open, close or refocus the dialog after its part was painted; `after` gets the focus when nothing else would.
export function followModal(after) {
  const view = form()?.dataset.view ?? "";
  if (view && !dialog.open) {
    carry(true);
    dialog.showModal();
  } else if (!view && dialog.open) {
    leaving = true;
    dialog.close();
    leaving = false;
    carry(false);
    if (document.activeElement === document.body) after.focus({ preventScroll: true });
  }
  if (view && (view !== seen || refused || !dialog.contains(document.activeElement))) focusFirst();
  seen = view;
  refused = false;
}

function carry(inside) {
  const story = document.getElementById("story");
  document.getElementById(inside ? "story-in-modal" : "story-place").append(story);
  (inside ? dialog : document.body).append(document.getElementById("toasts"));
}

function focusFirst() {
  const surface = form().querySelector(".surface");
  const first =
    surface.querySelector("[aria-invalid=true], .wrong input") ??
    surface.querySelector("[autofocus]") ??
    surface.querySelector("input, select, textarea");
  if (!refused) surface.scrollTop = 0;
  (first ?? document.getElementById("modal-title")).focus();
}

export async function closeModal(everything) {
  const shown = form();
  if (!shown) return;
  leave(shown);
  if (!(await act("close", { who: ownerOf(shown), view: shown.dataset.view, everything })).ok) stay(shown);
}

async function submit() {
  const shown = form();
  await flush(shown);
  const button = document.getElementById("submit-view");
  button?.setAttribute("aria-busy", "true");
  refused = Boolean((await act("submit", { who: ownerOf(shown), view: shown.dataset.view })).kept);
  button?.removeAttribute("aria-busy");
}

// A button that asks first: a second dialog over the first.
export function confirmed({ dataset }) {
  if (!dataset.confirm) return true;
  document.getElementById("confirm-title").textContent = dataset.confirm;
  document.getElementById("confirm-text").textContent = dataset.confirmText;
  document.getElementById("confirm-yes").textContent = dataset.confirmYes;
  document.getElementById("confirm-no").textContent = dataset.confirmNo;
  asking.returnValue = "no";
  asking.showModal();
  return new Promise((answer) => {
    asking.addEventListener("close", () => answer(asking.returnValue === "yes"), { once: true });
  });
}

function listen() {
  let submitting = false;
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submitting || !("submits" in event.target.dataset)) return; // else the button was pressed, which is enough
    submitting = true;
    await submit();
    submitting = false;
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    closeModal(false);
  });
  dialog.addEventListener("close", (event) => {
    if (event.target === dialog && !leaving && form()) closeModal(false); // Escape twice: browsers close by themselves
  });
}

export const modal = { listen };

// Turns what is shown into what should be shown, touching only what differs: a field keeps its focus and what is being
// typed, and only new lines are announced. Children are matched by id or data-key, else by their place.

const held = new WeakSet();
export const hold = (field) => held.add(field);
export const release = (field) => held.delete(field);

const OWN = new Set(["aria-expanded", "aria-activedescendant", "data-value"]); // a combobox's, while it is in use
const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "");
const isTick = (field) => field.type === "checkbox" || field.type === "radio";

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function patch(old, fresh) {
  const wanted = new Set([...fresh.childNodes].map(keyOf));
  for (const child of [...old.childNodes]) if (keyOf(child) && !wanted.has(keyOf(child))) child.remove();
  const keyed = new Map([...old.childNodes].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const match = matching(keyed, at, next);
    if (!match) arrive(old.insertBefore(next, at));
    else {
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      update(match, next);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

// New lines and messages show that they are new, for a moment.
function arrive(node) {
  if (!node.matches?.("tr, .message") || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const from = node.matches("tr") ? { backgroundColor: getComputedStyle(document.body).getPropertyValue("--sand") } : { opacity: 0 };
  node.animate([from, {}], { duration: node.matches("tr") ? 2500 : 300, easing: "ease-out" });
}

function matching(keyed, at, next) {
  const key = keyOf(next);
  const match = key ? keyed.get(key) : at && !keyOf(at) ? at : null;
  return match && match.nodeName === next.nodeName ? match : null;
}

function update(old, next) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return;
  }
  if ("own" in next.dataset) return;
  attributes(old, next);
  if (old.nodeName !== "TEXTAREA") patch(old, next);
  if (old.matches("input, textarea, select")) value(old, next);
}

function attributes(old, next) {
  const kept = old.getAttribute("role") === "combobox" && inUse(old) ? OWN : new Set(old.nodeName === "DETAILS" ? ["open"] : []);
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value && !kept.has(name)) old.setAttribute(name, value);
  }
}

// A field is held from the first key until the sandbox knows what was typed.
function inUse(field) {
  const group = field.closest(".ticks");
  return held.has(field) || (group !== null && held.has(group));
}

function value(old, next) {
  if (inUse(old) || stateOf(old) === stateOf(next)) return;
  if (isTick(old)) old.checked = next.checked;
  else if (old.multiple) for (const [at, option] of [...old.options].entries()) option.selected = next.options[at].selected;
  else old.value = next.value;
  old.scrollIntoView({ block: "nearest" }); // a story filled it in: let the visitor see where
}

function stateOf(field) {
  if (isTick(field)) return String(field.checked);
  return field.multiple ? JSON.stringify([...field.selectedOptions].map((option) => option.value)) : field.value;
}

/* The report form by keyboard alone: a digit in the empty box of kinds takes a suggestion, the arrows go through the
   places, Enter takes one; each choice goes on to the next field. The words for lists come with the page. */

function visible(element: HTMLElement): boolean {
  return element.offsetParent !== null;
}

/** The field that comes next in the order of the page. */
function goOn(from: HTMLElement): void {
  const form = from.closest("form");
  if (!form) return;
  const boxes = [...form.querySelectorAll<HTMLElement>("input:not([type=hidden]), select, textarea, button")].filter(visible);
  const area = from.closest("fieldset, .field");
  const next = boxes.slice(boxes.indexOf(from) + 1).find((box) => !area?.contains(box));
  next?.focus();
}

/* Kinds. */
function kinds(box: HTMLElement): HTMLInputElement[] {
  return [...(box.closest("fieldset")?.querySelectorAll<HTMLInputElement>(".kinds input[type=radio]") ?? [])];
}

function takeKind(box: HTMLInputElement, choice: HTMLInputElement | undefined): boolean {
  if (!choice) return false;
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  box.value = "";
  goOn(box);
  return true;
}

function inKinds(event: KeyboardEvent, box: HTMLInputElement): boolean {
  if (/^[1-9]$/.test(event.key) && box.value === "") return takeKind(box, kinds(box).find((one) => one.dataset["key"] === event.key));
  if (event.key === "Enter" && box.value !== "") return takeKind(box, kinds(box).find((one) => one.dataset["key"] === "1") ?? kinds(box)[0]);
  if (event.key === "ArrowDown") {
    const first = kinds(box).find((one) => one.checked) ?? kinds(box)[0];
    first?.focus();
    return first !== undefined;
  }
  return event.key === "Enter" && !event.ctrlKey && !event.metaKey;
}

/* Places. */
function list(): HTMLElement | null {
  const found = document.getElementById("entry-places");
  return found && !found.hidden && found.childElementCount > 0 ? found : null;
}

function options(): HTMLElement[] {
  return [...(list()?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
}

function close(box: HTMLElement): void {
  const shown = document.getElementById("entry-places");
  if (shown) shown.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function move(box: HTMLElement, by: number): boolean {
  const all = options();
  if (all.length === 0) return false;
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const to = all[(at + by + all.length + (at < 0 && by < 0 ? 1 : 0)) % all.length];
  for (const one of all) one.setAttribute("aria-selected", String(one === to));
  to?.scrollIntoView({ block: "nearest" });
  if (to) box.setAttribute("aria-activedescendant", to.id);
  return true;
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
}

function takePlace(box: HTMLInputElement, chosen: HTMLElement): void {
  const form = box.form;
  if (!form) return;
  box.value = chosen.dataset["address"] ?? "";
  put(form, "lon", chosen.dataset["lon"] ?? "");
  put(form, "lat", chosen.dataset["lat"] ?? "");
  if (chosen.dataset["area"]) put(form, "area", chosen.dataset["area"]);
  close(box);
  box.dispatchEvent(new CustomEvent("yw-place", { bubbles: true }));
  if (box.value !== "") goOn(box);
}

function inPlaces(event: KeyboardEvent, box: HTMLInputElement): boolean {
  switch (event.key) {
    case "ArrowDown":
      return move(box, 1);
    case "ArrowUp":
      return move(box, -1);
    case "Enter": {
      if (event.ctrlKey || event.metaKey) return false;
      const chosen = options().find((one) => one.getAttribute("aria-selected") === "true");
      if (chosen) takePlace(box, chosen);
      else goOn(box);
      return true;
    }
    case "Escape":
      if (!list()) return false;
      close(box);
      return true;
    default:
      return false;
  }
}

document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || event.isComposing || event.altKey) return;
    const form = box.closest("form[data-park]");
    if (!form) return;
    let done = false;
    if (box.matches("[data-pick-kind]")) done = inKinds(event, box);
    else if (box.matches("[role=combobox]")) done = inPlaces(event, box);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !["submit", "file"].includes(box.type)) {
      /* Enter goes on; Ctrl+Enter sends. A report is not sent half written. */
      goOn(box);
      done = true;
    }
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("focusout", (event) => {
  const box = event.target;
  if (box instanceof HTMLElement && box.matches("[role=combobox]")) close(box);
});

document.addEventListener("mousedown", (event) => {
  const chosen = (event.target as Element).closest<HTMLElement>("#entry-places [role=option]");
  const box = document.querySelector<HTMLInputElement>("input[aria-controls=entry-places]");
  if (!chosen || !box) return;
  event.preventDefault();
  takePlace(box, chosen);
});

document.addEventListener("htmx:afterSwap", () => {
  const box = document.querySelector<HTMLInputElement>("input[aria-controls=entry-places]");
  if (!box) return;
  if (document.activeElement !== box) close(box);
  box.setAttribute("aria-expanded", String(list() !== null));
});

/* A form that keeps the list one looks at: its address is in the bar. */
document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ elt: Element; parameters: FormData & Record<string, unknown> }>).detail;
  if (detail.elt.matches("[data-here], .desk-list .export-form")) detail.parameters["query"] = window.location.search;
});
export {};

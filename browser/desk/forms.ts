/* Forms of moves: one click for a phrase, Ctrl+Enter sends, digits open the choice of kind, a print button. */
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const phrase = target.closest<HTMLElement>("[data-phrase]");
  if (phrase) add(phrase.dataset["phrase"] ?? "", phrase.textContent?.trim() ?? "");
  const fill = target.closest<HTMLElement>("[data-fill]");
  if (fill) put(fill.dataset["fill"] ?? "", fill.dataset["value"] ?? "");
  if (target.closest("[data-print]")) window.print();
});

function box(id: string): HTMLInputElement | HTMLTextAreaElement | null {
  return document.getElementById(id) as HTMLInputElement | HTMLTextAreaElement | null;
}

function add(id: string, words: string): void {
  const field = box(id);
  if (!field) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()}；${words}` : words;
  field.focus();
}

function put(id: string, value: string): void {
  const field = box(id);
  if (!field) return;
  field.value = value;
  field.focus();
}

/** An opened form is ready to be typed into: its first field, or the chosen kind. */
function makeReady(event: Event): void {
  const deed = event.target as HTMLDetailsElement;
  if (!deed.open || !deed.matches(".deed, .inline-act") || deed.querySelector("form :focus")) return;
  const first = deed.querySelector<HTMLElement>(".kinds input:checked, textarea, select, input:not([type=hidden], [type=search], [type=file])");
  (first ?? deed.querySelector<HTMLElement>("form button"))?.focus({ preventScroll: true });
  deed.scrollIntoView({ block: "nearest" });
}

document.addEventListener("toggle", makeReady, true);
document.addEventListener("yw-opened", makeReady);

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = (event.target as Element).closest<HTMLFormElement>("form");
    if (form?.method === "post") form.requestSubmit();
    return;
  }
  if (event.key === "Enter" && event.target instanceof HTMLInputElement && event.target.type === "radio") {
    const form = event.target.form;
    if (!form?.matches("[data-deed]")) return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape") closeDeed(event);
});

/** A digit without an open form opens the one in which the kind is chosen. */
document.addEventListener(
  "keydown",
  (event) => {
    if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
    if (document.querySelector(".deeds details[open], dialog[open]")) return;
    const wanted = document.querySelector<HTMLDetailsElement>("#deed-accept, #deed-classify");
    if (wanted?.querySelector(`[data-key="${event.key}"]`)) wanted.open = true;
  },
  true,
);

function closeDeed(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const open = document.querySelector<HTMLDetailsElement>(".deeds details[open], .inline-act[open]");
  if (!open) return;
  event.preventDefault();
  open.open = false;
  open.querySelector("summary")?.focus();
}

export {};

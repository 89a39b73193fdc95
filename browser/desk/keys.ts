/* Moves by two keystrokes. A, Enter · D, Enter · M, 1–9 · B and the reason. Keys can be switched off in the help (?),
   for readers and for voices whose words would press them. */
const OFF = "yw-keys-off";

export function keysAreOn(): boolean {
  return localStorage.getItem(OFF) === null;
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches("[data-keys-switch]")) return;
  if (box.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});

function showSwitch(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-keys-switch]")) box.checked = keysAreOn();
}

/** Accepting without a kind chosen begins with the first suggestion, for all to see before Enter. */
function suggest(deed: HTMLDetailsElement): void {
  if (deed.querySelector(".kinds input:checked")) return;
  const first = deed.querySelector<HTMLInputElement>('.kinds input[data-key="1"]');
  if (!first) return;
  first.checked = true;
  first.focus({ preventScroll: true });
}

function prepare(event: Event): void {
  const deed = event.target as HTMLDetailsElement;
  if (!deed.open || !deed.matches(".deed")) return;
  if (deed.id === "deed-accept" && keysAreOn()) suggest(deed);
  if (deed.id === "deed-merge") deed.querySelector<HTMLElement>("[data-merge-into]")?.focus({ preventScroll: true });
}

document.addEventListener("toggle", prepare, true);
document.addEventListener("yw-opened", prepare);

/** A neighbour to merge with: the digit, or the click, fills the number in and sends. */
document.addEventListener("click", (event) => {
  const into = (event.target as Element).closest<HTMLElement>("[data-merge-into]");
  const form = into?.closest("form");
  const box = form?.querySelector<HTMLInputElement>('[name="target"]');
  if (!into || !form || !box) return;
  event.preventDefault();
  box.value = into.dataset["mergeInto"] ?? "";
  form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  const box = event.target;
  if (!(box instanceof HTMLSelectElement) || box.value === "") return;
  const form = box.closest<HTMLFormElement>("form[data-deed]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("DOMContentLoaded", showSwitch);
showSwitch();

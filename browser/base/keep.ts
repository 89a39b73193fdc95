/* <form data-keep="name">: what was typed survives a reload, a lost network and a closed tab of the same session.
   It is forgotten when a page says so: any element with data-forget="name" (the page after sending).
   Passwords and files are never kept; a value the server has put into the form wins over a kept one. */
const PREFIX = "yw-kept:";
type Box = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function boxes(form: HTMLFormElement): Box[] {
  return [...form.elements].filter((element): element is Box => {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement)) return false;
    if (!element.name || element.name === "csrfmiddlewaretoken") return false;
    return !["password", "file", "submit", "button"].includes(element.type);
  });
}

function isChoice(box: Box): box is HTMLInputElement {
  return box instanceof HTMLInputElement && ["checkbox", "radio"].includes(box.type);
}

function store(form: HTMLFormElement): void {
  const kept = boxes(form)
    .filter((box) => (isChoice(box) ? box.checked : box.value !== ""))
    .map((box) => [box.name, box.value]);
  sessionStorage.setItem(PREFIX + form.dataset["keep"], JSON.stringify(kept));
}

function restore(form: HTMLFormElement): void {
  const text = sessionStorage.getItem(PREFIX + form.dataset["keep"]);
  if (!text || form.hasAttribute("data-kept")) return;
  form.setAttribute("data-kept", "");
  const kept = JSON.parse(text) as [string, string][];
  for (const box of boxes(form)) {
    const values = kept.filter(([name]) => name === box.name).map(([, value]) => value);
    if (values.length === 0) continue;
    if (isChoice(box)) box.checked = values.includes(box.value);
    else if (box.value === "") box.value = values[0] ?? "";
  }
  form.dispatchEvent(new CustomEvent("yw-restored", { bubbles: true }));
}

export function visit(root: ParentNode): void {
  for (const said of root.querySelectorAll<HTMLElement>("[data-forget]")) {
    const name = said.dataset["forget"] ?? "";
    for (const key of Object.keys(sessionStorage)) {
      if (key === PREFIX + name || key.startsWith(`yw-${name}:`)) sessionStorage.removeItem(key);
    }
  }
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-keep]")) restore(form);
}

let waiting = 0;
function storeSoon(event: Event): void {
  const form = (event.target as Element).closest<HTMLFormElement>("form[data-keep]");
  if (!form) return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => store(form), 250);
}

document.addEventListener("input", storeSoon);
document.addEventListener("change", storeSoon);
window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) {
    if (form.isConnected) store(form);
  }
});
document.addEventListener("htmx:afterSettle", () => visit(document));
visit(document);

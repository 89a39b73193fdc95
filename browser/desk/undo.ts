/* Ten seconds in which the last click can be taken back: the bar's own time, Z or Ctrl+Z. */
import { isBusy } from "./typing";

const SHOWN_FOR = 10_000;
let going = 0;

function bar(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#undo .undo");
}

function watch(): void {
  const shown = bar();
  if (!shown || shown.hasAttribute("data-counted")) return;
  shown.setAttribute("data-counted", "");
  window.clearTimeout(going);
  const left = Number(shown.dataset["left"] ?? SHOWN_FOR);
  going = window.setTimeout(() => {
    if (bar() === shown) shown.remove();
  }, left);
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (event.target instanceof HTMLElement && event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) return;
  const button = bar()?.querySelector<HTMLButtonElement>("button");
  if (!button) return;
  event.preventDefault();
  button.click();
});

/** What is being typed into another case stays: the undo is made, and the list says so. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ requestConfig: { elt: Element }; shouldSwap: boolean; xhr: XMLHttpRequest }>).detail;
  if (!detail.requestConfig.elt.matches("[data-undo]")) return;
  bar()?.remove();
  if (isBusy(document.getElementById("pane")) && detail.xhr.status < 400) detail.shouldSwap = false;
});

document.addEventListener("htmx:afterSettle", watch);
document.addEventListener("htmx:oobAfterSwap", watch);
watch();

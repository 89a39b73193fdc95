/* The keyboard of a work list. On the page:
     [data-keys]           the region; rows inside carry data-row="<stable id>" and one [data-row-link]
     j k ↓ ↑               move; with data-follow on the region the row's link is followed a moment later
     Enter or o            follow the row's link          x        tick the row's [data-pick] box
     /                     go to [data-search]            Escape   leave a field
     ?                     open <dialog id="keys">        letters, digits   press the [data-key="A"] that is visible
   After a fragment is swapped in, the same row stays current; if it is gone, the one now in its place. */
import "./desk.css";
import "./entry.css";
import "./entry";
import "./callback.css";
import "./forms";
import "./held";
import { keysAreOn } from "./keys";
import "./later";
import { pressLetter } from "./letters";
import "./own";
import "./pane";
import "./parking";
import "./live";
import { Rows } from "./rows";
import "./undo";

let rows: Rows | null = null;

function region(): Rows | null {
  const element = document.querySelector<HTMLElement>("[data-keys]");
  if (!element) return null;
  if (rows?.element !== element) rows = new Rows(element, rows);
  return rows;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}

function search(): boolean {
  const box = document.querySelector<HTMLInputElement>("[data-search]");
  box?.focus();
  box?.select();
  return box !== null;
}

function help(): boolean {
  const dialog = document.getElementById("keys");
  if (!(dialog instanceof HTMLDialogElement)) return false;
  dialog.showModal();
  return true;
}

function handle(event: KeyboardEvent): boolean {
  const open = document.querySelector<HTMLDialogElement>("dialog[open]");
  if (open) return pressLetter(event.key, open);
  const list = region();
  switch (event.key) {
    case "j":
    case "ArrowDown":
      return list?.move(1) ?? false;
    case "k":
    case "ArrowUp":
      return list?.move(-1) ?? false;
    case "x":
      return list?.pick() ?? false;
    case "o":
      return list?.follow() ?? false;
    case "Enter":
      return event.target === document.body ? (list?.follow() ?? false) : false;
    case "/":
      return search();
    case "?":
      return help();
    default:
      return pressLetter(event.key, document);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (!keysAreOn() && event.key !== "?") return;
  if (isTyping(event.target)) {
    if (event.key !== "Escape") return;
    const field = event.target as HTMLElement;
    if (field.matches("[type=search]")) event.preventDefault(); // it would empty itself, and the list would be another
    field.blur();
    return;
  }
  if (handle(event)) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", () => region()?.settle());
region()?.settle();

/* The case beside the list: which one is shown, what happens after a move, and what has changed meanwhile. */

function desk(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-desk]");
}

/** On a wide screen the first row is opened, so that the third pane is never empty. */
function openFirst(): void {
  if (!desk() || !window.matchMedia("(min-width: 992px)").matches) return;
  if (document.querySelector("#pane .case")) return;
  const first = document.querySelector<HTMLElement>("[data-row-link]");
  if (!first) return;
  first.closest<HTMLElement>("[data-row]")?.classList.add("current");
  first.click();
}

/** The list knows a newer version than the case that is open: say so, and touch nothing that was typed. */
function noticeChange(): void {
  const open = document.querySelector<HTMLElement>("#pane .case");
  const row = open && document.querySelector<HTMLElement>(`[data-row="${CSS.escape(open.dataset["case"] ?? "")}"]`);
  const said = open?.querySelector<HTMLElement>("[data-changed]");
  if (!open || !row || !said) return;
  said.hidden = row.dataset["version"] === open.dataset["version"];
}

/** A move from the pane: the case is gone from this queue, or shown anew; the list follows. */
document.addEventListener("yw-moved", () => {
  if (!desk()) return;
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-pick]:checked")) box.checked = false;
  document.body.dispatchEvent(new CustomEvent("yw-look"));
});

/** In the hand there is no room beside the list: a row leads to the page of its case. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-row-link]");
  if (!link || !desk() || window.matchMedia("(min-width: 992px)").matches) return;
  event.preventDefault();
  window.location.assign(link.href);
});

/** The board asks for the address that is in the bar, which filters and queues have changed since. */
document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ path: string; elt: Element; headers: Record<string, string> }>).detail;
  if (detail.elt.id !== "board") return;
  detail.headers["X-By-Itself"] = "1";
  detail.path = window.location.pathname + window.location.search;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.target as HTMLElement;
  if (target.id === "board") {
    if (document.querySelector("#board [data-row]")) openFirst();
    noticeChange();
  }
  if (target.id === "pane") target.querySelector<HTMLElement>("[data-said]")?.focus();
});

/* Not before htmx has taken the links over: until then a click leaves the page. */
document.addEventListener("htmx:load", openFirst, { once: true });

export {};

/* htmx under a strict content security policy: it writes no style element and evaluates no text as code.
   A refusal (4xx) is an answer like any other: it is shown where the server says. */
import htmx from "htmx.org";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.attributesToSettle = ["class", "width", "height"]; // a style that is copied as an attribute is inline, and refused
htmx.config.historyCacheSize = 0;
htmx.config.scrollBehavior = "auto";
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "4..", swap: true },
  { code: "5..", swap: true, error: true },
];

const root = document.documentElement;
let running = 0;

/** Django's token travels with every changing request; the page carries it once, in a meta element. */
function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers } = (event as CustomEvent<{ verb: string; headers: Record<string, string> }>).detail;
  if (verb !== "get") headers["X-CSRFToken"] = token();
});

document.addEventListener("htmx:beforeRequest", () => {
  running += 1;
  root.classList.add("is-busy");
});

document.addEventListener("htmx:afterRequest", () => {
  running = Math.max(0, running - 1);
  if (running === 0) root.classList.remove("is-busy");
});

/** What was half typed stays: an error or a lost network swaps nothing but the note that says so. */
document.addEventListener("htmx:sendError", () => {
  document.dispatchEvent(new CustomEvent("yw:note", { detail: { kind: "error", key: "offline" } }));
});

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;

/* One stream of live updates for the page: what changed elsewhere, who has which case open, how many notices wait.
   The page says where it is (body data-live) and when it was drawn (data-live-since). Parts of the page hear of it as
     yw-live        detail: { cases: { id: version }, look: boolean }
     yw-held        detail: { id: [[name, since], …] }
   Without a stream (a proxy that lets none through, a process that is down) pages look again by themselves, slowly. */
export interface Heard {
  cases: Record<string, number>;
  look: boolean;
}
export type Held = Record<string, [string, number][]>;
interface Message {
  cases?: Record<string, number>;
  look?: boolean;
  held?: Held;
  bell?: number;
}

const SLOW = 30_000;
const HIDDEN_FOR = 60_000;
const PAUSES = [3_000, 6_000, 15_000, 30_000, 60_000];

const place = document.body.dataset["live"] ?? "";
let since = Number(document.body.dataset["liveSince"] ?? 0);
let stream: EventSource | null = null;
let misses = 0;
let again = 0;
let hiddenSince = 0;

/** Requests beside the stream: the same place, the same session. */
export function beside(path: string, query: Record<string, string>): string {
  return `${place.replace(/stream$/, path)}?${new URLSearchParams(query).toString()}`;
}

export function isLive(): boolean {
  return stream !== null && stream.readyState === EventSource.OPEN;
}

/** Some time of one's own, so that two hundred desks do not ask in the same instant. */
export function soon(most: number, work: () => void): number {
  return window.setTimeout(work, Math.random() * most);
}

function tell<T>(name: string, detail: T): void {
  document.dispatchEvent(new CustomEvent<T>(name, { detail }));
}

function hear(event: MessageEvent<string>): void {
  since = Number(event.lastEventId) || since;
  const said = JSON.parse(event.data) as Message;
  if (said.bell !== undefined) ring(said.bell);
  if (said.held) tell<Held>("yw-held", said.held);
  if (said.cases || said.look) tell<Heard>("yw-live", { cases: said.cases ?? {}, look: said.look ?? false });
}

function open(): void {
  if (!place || stream || document.visibilityState === "hidden") return;
  window.clearTimeout(again);
  stream = new EventSource(`${place}?since=${since}`, { withCredentials: true });
  stream.addEventListener("message", hear);
  stream.addEventListener("open", () => {
    misses = 0;
    tell("yw-live-open", {});
  });
  stream.addEventListener("error", () => {
    /* CONNECTING: the browser comes back by itself, with the last id. CLOSED: it was refused; we come back, ever later. */
    if (stream?.readyState !== EventSource.CLOSED) return;
    close();
    const pause = PAUSES[Math.min(misses, PAUSES.length - 1)] ?? SLOW;
    misses += 1;
    again = window.setTimeout(open, pause * (0.75 + Math.random() / 2));
  });
}

function close(): void {
  stream?.close();
  stream = null;
}

function ring(unread: number): void {
  const bell = document.querySelector<HTMLElement>("[data-bell]");
  const count = bell?.querySelector<HTMLElement>(".count");
  if (!bell || !count) return;
  count.hidden = unread === 0;
  count.textContent = unread > 99 ? "99+" : String(unread);
  const words = unread === 0 ? bell.dataset["none"] : bell.dataset["some"]?.replace("%", String(unread));
  if (words) bell.setAttribute("aria-label", words);
}

/** A window nobody looks at gives its stream up after a while, and looks at everything when it is seen again. */
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    hiddenSince = Date.now();
    return;
  }
  if (!stream) open();
});

window.setInterval(() => {
  if (document.visibilityState === "hidden") {
    if (stream && Date.now() - hiddenSince > HIDDEN_FOR) close();
    return;
  }
  if (!place) return;
  if (!isLive()) soon(5_000, () => tell<Heard>("yw-live", { cases: {}, look: true }));
}, SLOW);

window.addEventListener("pagehide", close);
window.addEventListener("pageshow", open);
open();

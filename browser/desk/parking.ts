/* <form data-park="/address" data-version data-tab>: what is typed is kept on the server every few seconds, when the
   sheet is closed and when the page is left; never files. Another window that has changed it is not written over
   unless the person says so. The foot of the form ([data-park-said]) tells how it stands. */
const EVERY = 3_000;

interface Kept {
  version?: number;
  said: string;
  code?: string;
  over?: string;
}

const changed = new WeakSet<HTMLFormElement>();
const sending = new WeakSet<HTMLFormElement>();
const ended = new WeakSet<HTMLFormElement>();

function forms(): HTMLFormElement[] {
  return [...document.querySelectorAll<HTMLFormElement>("form[data-park]")];
}

function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

function written(form: HTMLFormElement, over: boolean): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") body.append(name, value);
  }
  body.set("tab", form.dataset["tab"] ?? "");
  body.set("seen", form.dataset["version"] ?? "0");
  if (over) body.set("over", "1");
  return body;
}

/** `leaving`: the page may be gone before the answer comes. */
async function park(form: HTMLFormElement, leaving = false, over = false): Promise<void> {
  if (ended.has(form) || (!leaving && sending.has(form))) return;
  changed.delete(form);
  sending.add(form);
  try {
    const answer = await fetch(form.dataset["park"] ?? "", {
      method: "POST",
      body: written(form, over),
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
      keepalive: leaving,
    });
    take(form, answer.status, (await answer.json()) as Kept);
  } catch {
    if (!leaving) changed.add(form);
  } finally {
    sending.delete(form);
  }
}

function take(form: HTMLFormElement, status: number, kept: Kept): void {
  if (status === 200) form.dataset["version"] = String(kept.version ?? 0);
  else if (status === 409) ended.add(form);
  const said = form.querySelector<HTMLElement>("[data-park-said]");
  if (!said) return;
  said.textContent = kept.said;
  said.classList.toggle("text-late", status !== 200);
  if (!kept.over) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = kept.over;
  button.addEventListener("click", () => {
    ended.delete(form);
    void park(form, false, true);
  });
  said.append(" ", button);
}

function note(event: Event): void {
  const form = (event.target as Element).closest<HTMLFormElement>("form[data-park]");
  if (form) changed.add(form);
}

document.addEventListener("input", note);
document.addEventListener("change", note);
/* A place taken from the list changes boxes without a keystroke. */
document.addEventListener("yw-place", note);

/** Once sent it is no draft any more; refused, it is again. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.matches("[data-park]")) ended.add(form);
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.target instanceof HTMLFormElement) ended.delete(event.target);
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.target instanceof HTMLFormElement) ended.delete(event.target);
});

window.setInterval(() => {
  for (const form of forms()) if (changed.has(form)) void park(form);
}, EVERY);

function parkAll(): void {
  for (const form of forms()) if (changed.has(form)) void park(form, true);
}

window.addEventListener("pagehide", parkAll);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") parkAll();
});
document.addEventListener(
  "close",
  (event) => {
    const form = (event.target as Element).querySelector<HTMLFormElement>("form[data-park]");
    if (!form) return;
    const kept = changed.has(form) ? park(form, true) : Promise.resolve();
    void kept.then(() => document.body.dispatchEvent(new CustomEvent("yw-own")));
  },
  true,
);
export {};

/* Colours of the page, as the canvas needs them: resolved, for the look that is on now. */
export interface Ink {
  ground: string;
  line: string;
  strong: string;
  text: string;
  halo: string;
  accent: string;
  states: Record<State, string>;
}

export const STATES = ["late", "soon", "new", "open", "paused", "done", "off"] as const;
export type State = (typeof STATES)[number];

function resolved(host: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  host.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

export function readInk(host: HTMLElement): Ink {
  const take = (name: string): string => resolved(host, name);
  return {
    ground: take("--surface-soft"),
    line: take("--line-strong"),
    strong: take("--ink-soft"),
    text: take("--ink"),
    halo: take("--surface"),
    accent: take("--accent"),
    states: {
      late: take("--late"),
      soon: take("--soon"),
      new: take("--accent"),
      open: take("--accent"),
      paused: take("--off"),
      done: take("--done"),
      off: take("--off"),
    },
  };
}

/** Call back whenever the look changes; returns how to stop. */
export function whenInkChanges(react: () => void): () => void {
  const watcher = new MutationObserver(react);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  const machine = window.matchMedia("(prefers-color-scheme: dark)");
  machine.addEventListener("change", react);
  return () => {
    watcher.disconnect();
    machine.removeEventListener("change", react);
  };
}

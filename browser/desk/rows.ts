/* The rows of one region, and which of them is current. */
import { isBusy } from "./typing";

const FOLLOW_AFTER = 180;

export class Rows {
  private current: string | null;
  private place: number;
  private waiting = 0;

  constructor(
    readonly element: HTMLElement,
    before: Rows | null,
  ) {
    const marked = element.querySelector<HTMLElement>("[data-row].current, [data-row][aria-current]");
    this.current = marked?.dataset["row"] ?? before?.current ?? null;
    this.place = before?.place ?? 0;
    element.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[data-row]");
      if (row) this.mark(row);
    });
    element.addEventListener("focusin", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[data-row]");
      if (row) this.mark(row);
    });
  }

  private all(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-row]")];
  }

  private here(): HTMLElement | undefined {
    return this.all().find((row) => row.dataset["row"] === this.current);
  }

  /** After a swap: the same row, or the one that took its place. */
  settle(): void {
    const rows = this.all();
    if (rows.length === 0) return;
    const row = this.here() ?? (this.current === null ? undefined : rows[Math.min(this.place, rows.length - 1)]);
    if (!row) return;
    const moved = row.dataset["row"] !== this.current;
    this.mark(row);
    if (moved) row.scrollIntoView({ block: "nearest" });
    if (moved && this.element.hasAttribute("data-follow")) this.followSoon(row, () => !isBusy(document.getElementById("pane")));
  }

  move(by: number): boolean {
    const rows = this.all();
    if (rows.length === 0) return false;
    const at = rows.findIndex((row) => row.dataset["row"] === this.current);
    const row = rows[at < 0 ? Math.min(this.place, rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (!row) return false;
    this.mark(row);
    this.link(row)?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    if (this.element.hasAttribute("data-follow")) this.followSoon(row);
    return true;
  }

  pick(): boolean {
    const box = this.here()?.querySelector<HTMLInputElement>("[data-pick]");
    box?.click();
    return Boolean(box);
  }

  follow(): boolean {
    const row = this.here();
    if (!row) return false;
    this.link(row)?.click();
    return true;
  }

  private link(row: HTMLElement): HTMLElement | null {
    return row.querySelector<HTMLElement>("[data-row-link]");
  }

  private mark(row: HTMLElement): void {
    for (const other of this.all()) {
      other.classList.toggle("current", other === row);
      if (other === row) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    this.current = row.dataset["row"] ?? null;
    this.place = this.all().indexOf(row);
  }

  /** A held key runs through many rows; only the one it stops at is opened. */
  private followSoon(row: HTMLElement, stillMay = (): boolean => true): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      if (stillMay()) this.link(row)?.click();
    }, FOLLOW_AFTER);
  }
}

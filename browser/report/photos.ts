/* <yw-photos name="photos" max="6" keep="report" [upload="/address"]>: wraps a plain <input type="file" multiple>, which
   is all there is without script. With `upload`, each photo is sent at once with its own bar; the answer's {"id"} becomes
   a hidden input of that name, and survives a reload with a small picture kept in this tab. Without it, the photos travel
   with the form.
   Words come in data-words: add, remove, retry, tooMany, failed, waiting, tooBig. */
import { fresh } from "./identity";
import { smaller, thumbnail } from "./shrink";

interface Shot {
  key: string;
  id: string;
  thumb: string;
}

type Words = Record<string, string>;

const BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

class Photos extends HTMLElement {
  private input: HTMLInputElement | null = null;
  private grid = document.createElement("div");
  private add: HTMLElement | null = null;
  private files = new Map<string, File>();
  private words: Words = {};
  private running = 0;

  connectedCallback(): void {
    this.input = this.querySelector<HTMLInputElement>('input[type="file"]');
    this.add = this.querySelector<HTMLElement>(".shot-add");
    if (!this.input || !this.add || this.classList.contains("ready")) return;
    this.words = JSON.parse(this.dataset["words"] ?? "{}") as Words;
    this.classList.add("ready");
    this.grid.className = "shots";
    this.add.before(this.grid);
    this.grid.append(this.add);
    this.input.addEventListener("change", () => void this.take([...(this.input?.files ?? [])]));
    if (this.hasAttribute("upload")) this.input.removeAttribute("name");
    for (const shot of this.known()) this.showSent(shot);
    this.count();
  }

  /** What this tab has sent, and what the server says it has (a form that came back); each once. */
  private known(): Shot[] {
    const kept = this.kept();
    for (const hidden of this.querySelectorAll<HTMLInputElement>(`:scope > input[type="hidden"]`)) {
      if (!kept.some((shot) => shot.id === hidden.value)) kept.push({ key: fresh(), id: hidden.value, thumb: "" });
      hidden.remove();
    }
    this.keep(kept);
    return kept;
  }

  private get limit(): number {
    return Number.parseInt(this.getAttribute("max") ?? "6", 10);
  }

  private get name(): string {
    return this.getAttribute("name") ?? "photos";
  }

  private tiles(): HTMLElement[] {
    return [...this.grid.querySelectorAll<HTMLElement>(".shot")];
  }

  private async take(files: File[]): Promise<void> {
    const room = this.limit - this.tiles().length;
    if (files.length > room) this.tell(this.words["tooMany"] ?? "");
    for (const file of files.slice(0, Math.max(0, room))) {
      const key = fresh();
      const tile = this.tile(key, URL.createObjectURL(file), file.name);
      const small = await smaller(file);
      this.files.set(key, small);
      if (this.hasAttribute("upload")) this.send(key, tile, small);
    }
    if (!this.hasAttribute("upload")) this.intoForm();
    else if (this.input) this.input.value = "";
    this.count();
  }

  private tile(key: string, src: string, alt: string): HTMLElement {
    const tile = document.createElement("div");
    tile.className = "shot";
    tile.dataset["key"] = key;
    const image = document.createElement("img");
    image.src = src;
    image.alt = alt;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "remove";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", this.words["remove"] ?? "");
    remove.addEventListener("click", () => this.drop(tile, key));
    tile.append(image, remove);
    this.add?.before(tile);
    return tile;
  }

  private drop(tile: HTMLElement, key: string): void {
    tile.remove();
    this.files.delete(key);
    this.keep(this.kept().filter((shot) => shot.key !== key));
    if (!this.hasAttribute("upload")) this.intoForm();
    this.count();
    this.add?.querySelector<HTMLElement>("input, button")?.focus();
  }

  /** Put what remains back into the file box, so that the form sends exactly what is seen. */
  private intoForm(): void {
    const bag = new DataTransfer();
    for (const tile of this.tiles()) {
      const file = this.files.get(tile.dataset["key"] ?? "");
      if (file) bag.items.add(file);
    }
    if (this.input) this.input.files = bag.files;
  }

  private send(key: string, tile: HTMLElement, file: File): void {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", this.words["waiting"] ?? "");
    tile.append(bar);
    const body = new FormData();
    body.set("photo", file);
    body.set("key", key);
    const call = new XMLHttpRequest();
    call.open("POST", this.getAttribute("upload") ?? "");
    call.setRequestHeader("X-CSRFToken", document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "");
    call.setRequestHeader("Accept", "application/json");
    call.responseType = "json";
    call.timeout = 120_000;
    call.upload.addEventListener("progress", (event) => (bar.value = event.total ? event.loaded / event.total : 0));
    call.addEventListener("loadend", () => this.sent(call, key, tile, bar, file));
    this.busy(1);
    call.send(body);
  }

  private sent(call: XMLHttpRequest, key: string, tile: HTMLElement, bar: HTMLElement, file: File): void {
    this.busy(-1);
    bar.remove();
    const answer = (call.response ?? {}) as { id?: string; message?: string };
    if (call.status >= 200 && call.status < 300 && answer.id) {
      void this.accepted({ key, id: answer.id, thumb: "" }, tile, file);
      return;
    }
    this.failed(tile, answer.message ?? this.words["failed"] ?? "", call.status === 0 ? () => this.send(key, tile, file) : null);
  }

  private async accepted(shot: Shot, tile: HTMLElement, file: File): Promise<void> {
    if (!tile.isConnected) return;
    this.answerInto(tile, shot);
    const thumb = await thumbnail(file);
    this.keep([...this.kept(), { ...shot, thumb }]);
  }

  private failed(tile: HTMLElement, sentence: string, again: (() => void) | null): void {
    tile.classList.add("failed");
    const said = document.createElement(again ? "button" : "span");
    said.className = "said";
    said.textContent = again ? (this.words["retry"] ?? sentence) : sentence;
    said.addEventListener("click", () => {
      if (!again) return;
      said.remove();
      tile.classList.remove("failed");
      again();
    });
    tile.append(said);
    this.tell(sentence);
  }

  private answerInto(tile: HTMLElement, shot: Shot): void {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = this.name;
    hidden.value = shot.id;
    tile.append(hidden);
  }

  private showSent(shot: Shot): void {
    if (!this.hasAttribute("upload")) return;
    this.answerInto(this.tile(shot.key, shot.thumb || BLANK, ""), shot);
  }

  private store(): string {
    return `yw-${this.getAttribute("keep") ?? "report"}:photos`;
  }

  private kept(): Shot[] {
    return JSON.parse(sessionStorage.getItem(this.store()) ?? "[]") as Shot[];
  }

  private keep(shots: Shot[]): void {
    if (shots.length) sessionStorage.setItem(this.store(), JSON.stringify(shots));
    else sessionStorage.removeItem(this.store());
  }

  /** While photos are on their way the form waits; its button says so. */
  private busy(more: number): void {
    this.running += more;
    this.toggleAttribute("busy", this.running > 0);
    const button = this.closest("form")?.querySelector<HTMLButtonElement>("[data-send]");
    if (button) button.disabled = this.closest("form")?.querySelector("[busy]") !== null;
    this.tell(this.running > 0 ? (this.words["waiting"] ?? "") : "");
  }

  private count(): void {
    if (this.add) this.add.hidden = this.tiles().length >= this.limit;
  }

  private tell(sentence: string): void {
    const place = this.querySelector<HTMLElement>("[role=status]");
    if (place) place.textContent = sentence;
  }
}

if (!customElements.get("yw-photos")) customElements.define("yw-photos", Photos);

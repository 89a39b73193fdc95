/* <yw-files kind="video" name="video" max="1" bytes="52428800" keep="report" [upload="/address"]>: the same as yw-photos
   for films, voices and documents, in rows: name, size, progress, and why one was not taken beside it. What is too
   large is refused before it travels. Without `upload` the files travel with the form.
   Words come in data-words: remove, retry, tooMany, tooLarge ({file}, {size}), failed, waiting, sent, kept. */
import { fresh } from "./identity";

interface Kept {
  key: string;
  id: string;
  name: string;
  size: number;
}

type Words = Record<string, string>;

const MB = 1024 * 1024;

function sized(bytes: number): string {
  if (!bytes) return "";
  if (bytes < MB) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return bytes < 10 * MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.floor(bytes / MB)} MB`;
}

class Files extends HTMLElement {
  private input: HTMLInputElement | null = null;
  private add: HTMLElement | null = null;
  private rows: HTMLElement | null = null;
  private files = new Map<string, File>();
  private words: Words = {};
  private running = 0;

  connectedCallback(): void {
    this.input = this.querySelector<HTMLInputElement>('input[type="file"]');
    this.add = this.querySelector<HTMLElement>(".file-add");
    this.rows = this.querySelector<HTMLElement>(".file-rows");
    if (!this.input || !this.rows || this.classList.contains("ready")) return;
    this.words = JSON.parse(this.dataset["words"] ?? "{}") as Words;
    this.classList.add("ready");
    this.input.addEventListener("change", () => this.take([...(this.input?.files ?? [])]));
    if (this.sendsAhead) this.input.removeAttribute("name");
    for (const kept of this.known()) this.answerInto(this.row(kept.key, kept.name, kept.size), kept.id);
    this.count();
  }

  private get sendsAhead(): boolean {
    return this.hasAttribute("upload");
  }

  private get limit(): number {
    return Number.parseInt(this.getAttribute("max") ?? "1", 10);
  }

  private known(): Kept[] {
    const kept = this.sendsAhead ? this.kept() : [];
    for (const hidden of this.querySelectorAll<HTMLInputElement>(`:scope > input[type="hidden"]`)) {
      const same = kept.some((one) => one.id === hidden.value);
      if (!same) kept.push({ key: fresh(), id: hidden.value, name: this.words["kept"] ?? "", size: 0 });
      hidden.remove();
    }
    if (this.sendsAhead) this.keep(kept);
    return kept;
  }

  private items(): HTMLElement[] {
    return [...(this.rows?.querySelectorAll<HTMLElement>("li:not(.failed)") ?? [])];
  }

  private take(chosen: File[]): void {
    for (const failed of this.rows?.querySelectorAll(".failed") ?? []) failed.remove();
    this.tell("");
    const room = this.limit - this.items().length;
    if (chosen.length > room) this.tell(this.words["tooMany"] ?? "");
    for (const file of chosen.slice(0, Math.max(0, room))) this.begin(file);
    if (this.sendsAhead && this.input) this.input.value = "";
    else this.intoForm();
    this.count();
  }

  private begin(file: File): void {
    const key = fresh();
    const row = this.row(key, file.name, file.size);
    const most = Number.parseInt(this.getAttribute("bytes") ?? "0", 10);
    if (most && file.size > most) {
      const said = (this.words["tooLarge"] ?? "").replace("{file}", file.name).replace("{size}", sized(file.size));
      return this.failed(row, said, null);
    }
    this.files.set(key, file);
    if (this.sendsAhead) this.send(key, row, file);
  }

  private row(key: string, name: string, size: number): HTMLElement {
    const row = document.createElement("li");
    row.dataset["key"] = key;
    const said = document.createElement("span");
    said.className = "file-name";
    said.textContent = name;
    const weight = document.createElement("span");
    weight.className = "file-size";
    weight.textContent = sized(size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "remove";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `${this.words["remove"] ?? ""} ${name}`);
    remove.addEventListener("click", () => this.drop(row, key));
    row.append(said, weight, remove);
    this.rows?.append(row);
    return row;
  }

  private drop(row: HTMLElement, key: string): void {
    row.remove();
    this.files.delete(key);
    if (this.sendsAhead) this.keep(this.kept().filter((one) => one.key !== key));
    else this.intoForm();
    this.tell("");
    this.count();
    this.input?.focus();
  }

  /** Put what remains back into the file box, so that the form sends exactly what is seen. */
  private intoForm(): void {
    const bag = new DataTransfer();
    for (const row of this.items()) {
      const file = this.files.get(row.dataset["key"] ?? "");
      if (file) bag.items.add(file);
    }
    if (this.input) this.input.files = bag.files;
  }

  private send(key: string, row: HTMLElement, file: File): void {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", this.words["waiting"] ?? "");
    row.append(bar);
    const body = new FormData();
    body.set("kind", this.getAttribute("kind") ?? "");
    body.set("key", key);
    body.set("file", file);
    const call = new XMLHttpRequest();
    call.open("POST", this.getAttribute("upload") ?? "");
    call.setRequestHeader("X-CSRFToken", document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "");
    call.setRequestHeader("Accept", "application/json");
    call.responseType = "json";
    call.timeout = 600_000;
    call.upload.addEventListener("progress", (event) => (bar.value = event.total ? event.loaded / event.total : 0));
    call.addEventListener("loadend", () => this.sent(call, key, row, bar, file));
    this.busy(1);
    call.send(body);
  }

  private sent(call: XMLHttpRequest, key: string, row: HTMLElement, bar: HTMLElement, file: File): void {
    this.busy(-1);
    bar.remove();
    if (!row.isConnected) return;
    const answer = (call.response ?? {}) as { id?: string; message?: string };
    if (call.status >= 200 && call.status < 300 && answer.id) {
      this.answerInto(row, answer.id);
      this.keep([...this.kept(), { key, id: answer.id, name: file.name, size: file.size }]);
      return;
    }
    const again = call.status === 0 || call.status >= 500 ? () => this.send(key, row, file) : null;
    this.failed(row, answer.message ?? this.words["failed"] ?? "", again);
  }

  private failed(row: HTMLElement, sentence: string, again: (() => void) | null): void {
    row.classList.add("failed");
    const said = document.createElement(again ? "button" : "span");
    said.className = "said";
    said.textContent = again ? (this.words["retry"] ?? sentence) : sentence;
    said.addEventListener("click", () => {
      if (!again) return;
      said.remove();
      row.classList.remove("failed");
      again();
    });
    row.append(said);
    this.tell(sentence);
    this.count();
  }

  private answerInto(row: HTMLElement, id: string): void {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = this.getAttribute("name") ?? "files";
    hidden.value = id;
    const mark = row.querySelector<HTMLElement>(".file-size");
    if (mark) mark.textContent = [mark.textContent, `✓ ${this.words["sent"] ?? ""}`].filter(Boolean).join(" · ");
    row.append(hidden);
  }

  private store(): string {
    return `yw-${this.getAttribute("keep") ?? "report"}:${this.getAttribute("name") ?? "files"}`;
  }

  private kept(): Kept[] {
    return JSON.parse(sessionStorage.getItem(this.store()) ?? "[]") as Kept[];
  }

  private keep(kept: Kept[]): void {
    if (kept.length) sessionStorage.setItem(this.store(), JSON.stringify(kept));
    else sessionStorage.removeItem(this.store());
  }

  /** While files are on their way the form waits. Several boxes count together, in the form. */
  private busy(more: number): void {
    this.running += more;
    this.toggleAttribute("busy", this.running > 0);
    const form = this.closest("form");
    const button = form?.querySelector<HTMLButtonElement>("[data-send]");
    if (button) button.disabled = form?.querySelector("[busy]") !== null;
    this.tell(this.running > 0 ? (this.words["waiting"] ?? "") : "");
  }

  private count(): void {
    if (this.add) this.add.hidden = this.items().length >= this.limit;
    if (this.rows) this.rows.hidden = this.rows.childElementCount === 0;
  }

  private tell(sentence: string): void {
    const place = this.querySelector<HTMLElement>("[role=status]");
    if (place) place.textContent = sentence;
  }
}

if (!customElements.get("yw-files")) customElements.define("yw-files", Files);

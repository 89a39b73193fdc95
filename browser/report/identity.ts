/* <input type="hidden" data-client-id="report">: one id per report, the same through every retry and reload, until the
   page after sending says data-forget="report", or the server gives another (data-renewed). The same id with the same content is the same report. */
function fresh(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function give(root: ParentNode = document): void {
  for (const input of root.querySelectorAll<HTMLInputElement>("input[data-client-id]")) {
    const key = `yw-${input.dataset["clientId"]}:id`;
    const renewed = input.hasAttribute("data-renewed") ? input.value : null;
    const id = renewed ?? sessionStorage.getItem(key) ?? fresh();
    sessionStorage.setItem(key, id);
    input.value = id;
  }
}

export { fresh };
give();
document.addEventListener("htmx:afterSettle", () => give());

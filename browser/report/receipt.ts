/* The page after sending: copy the code, save it as a picture, hand it to another app.
   <button data-copy="id">, <button data-picture="id" data-title="…" data-file="…">; both hide without script. */
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy], [data-picture]");
  if (!button) return;
  const source = document.getElementById(button.dataset["copy"] ?? button.dataset["picture"] ?? "");
  const text = source?.textContent?.trim() ?? "";
  if (button.dataset["copy"]) void copy(text, button);
  else picture(text, button);
});

async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const selection = window.getSelection();
    const source = document.getElementById(button.dataset["copy"] ?? "");
    if (source) selection?.selectAllChildren(source);
    return;
  }
  const before = button.textContent;
  button.textContent = button.dataset["done"] ?? before;
  window.setTimeout(() => (button.textContent = before), 2500);
}

function picture(code: string, button: HTMLButtonElement): void {
  const canvas = document.createElement("canvas");
  canvas.width = 900;
  canvas.height = 480;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 900, 480);
  pen.fillStyle = "#1f5fa6";
  pen.fillRect(0, 0, 900, 16);
  pen.textAlign = "center";
  pen.fillStyle = "#1a2530";
  pen.font = "500 40px system-ui, sans-serif";
  pen.fillText(button.dataset["title"] ?? "", 450, 140, 840);
  pen.font = "600 72px ui-monospace, monospace";
  pen.fillText(code, 450, 270, 840);
  pen.fillStyle = "#526070";
  pen.font = "30px system-ui, sans-serif";
  pen.fillText(window.location.host, 450, 380, 840);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = `${button.dataset["file"] ?? "yiwang"}.png`;
  link.click();
}

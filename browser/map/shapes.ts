/* The shapes of the states, the same as in lists: triangle, diamond, ring, disc, two bars, square. Drawn, so no file is needed. */
import type { State } from "./ink";

const SIZE = 44;

function outline(pen: CanvasRenderingContext2D, state: State): void {
  const [low, mid, high] = [8, SIZE / 2, SIZE - 8];
  pen.beginPath();
  if (state === "late") {
    pen.moveTo(mid, low - 1);
    pen.lineTo(high + 2, high - 1);
    pen.lineTo(low - 2, high - 1);
  } else if (state === "soon") {
    pen.moveTo(mid, low - 2);
    pen.lineTo(high + 2, mid);
    pen.lineTo(mid, high + 2);
    pen.lineTo(low - 2, mid);
  } else if (state === "open" || state === "new") {
    pen.arc(mid, mid, 13, 0, Math.PI * 2);
  } else if (state === "paused") {
    pen.rect(low + 2, low, 9, high - low);
    pen.rect(high - 11, low, 9, high - low);
  } else {
    pen.rect(low + 1, low + 1, high - low - 2, high - low - 2);
  }
  pen.closePath();
}

function hole(pen: CanvasRenderingContext2D, colour: string): void {
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, 6, 0, Math.PI * 2);
  pen.fillStyle = colour;
  pen.fill();
}

export function shape(state: State, fill: string, edge: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(SIZE, SIZE);
  outline(pen, state);
  pen.lineJoin = "round";
  pen.lineWidth = 5;
  pen.strokeStyle = edge;
  pen.stroke();
  pen.fillStyle = fill;
  pen.fill();
  if (state === "new") hole(pen, edge);
  return pen.getImageData(0, 0, SIZE, SIZE);
}

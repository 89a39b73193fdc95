/* A phone's photo is made smaller before it travels: 2000 px, JPEG. This drops EXIF and place as well; the server does
   both again and trusts nobody. What the browser cannot read travels as it is, and the server says what is wrong. */
const LONGEST = 2000;
const SMALL_ENOUGH = 600_000;

export async function smaller(file: File): Promise<File> {
  if (file.size < SMALL_ENOUGH || !file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

/** A picture of a few kilobytes as a data address, to be shown again after a reload; "" where none can be made. */
export async function thumbnail(file: File): Promise<string> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 160;
    const share = Math.max(160 / picture.width, 160 / picture.height);
    const [wide, high] = [picture.width * share, picture.height * share];
    canvas.getContext("2d")?.drawImage(picture, (160 - wide) / 2, (160 - high) / 2, wide, high);
    picture.close();
    return canvas.toDataURL("image/jpeg", 0.7);
  } catch {
    return "";
  }
}

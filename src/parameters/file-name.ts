import { isWellFormed } from "../model/quote.js";

/** The most that a file system takes for one part of a path. @see NAME_MAX in limits.h */
export const MAX_PART_BYTES = 255;
/** The most that Linux takes for a whole path (4,096), less 512 for the folder of the volume. */
export const MAX_FILE_NAME_BYTES = 3584;

/**
 * What is wrong with a path as the name of a file inside the volume, and how to write it; undefined when nothing is. The
 * driver refuses most of these too, but late and for the whole pod. Whatever holds `..`, even `a..b`, has always been
 * refused here.
 */
export function fileNameProblem(name: string): string | undefined {
  if (name === "") return "file name must not be empty";
  if (name.startsWith("/")) return "file name must be a relative path; take the / off its beginning";
  if (name.includes(".."))
    return "file name must not contain '..'; write the path from the top of the volume";
  if (name.includes("\0")) return "file name must not contain a NUL character";
  if (!isWellFormed(name)) return "file name must be valid Unicode";
  if (Buffer.byteLength(name) > MAX_FILE_NAME_BYTES) {
    return `file name must not be longer than ${MAX_FILE_NAME_BYTES} bytes`;
  }
  const parts = name.split("/");
  if (parts.some((part) => part === "" || part === ".")) {
    return "file name must not have empty parts or '.': write a/b, not a//b, a/./b, ./a or a/";
  }
  if (parts.some((part) => Buffer.byteLength(part) > MAX_PART_BYTES)) {
    return `file name must not have a part of more than ${MAX_PART_BYTES} bytes between its slashes`;
  }
  return undefined;
}

/**
 * The folder of a history as the old provider writes it: without `.` and without empty parts, so that `a//b/` is `a/b`,
 * and `./` is the top of the volume, which is empty. Whatever is wrong with it otherwise stays in it.
 */
export function tidyFolderName(name: string): string {
  if (name.startsWith("/")) return name;
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Where a history's file goes. @param folder - as {@link tidyFolderName} gives it */
export function historyPath(folder: string, index: number): string {
  return folder === "" ? String(index) : `${folder}/${index}`;
}

/** One line of the comment "Files:" that stands before every class of an example. */
export interface DeclaredFile {
  /** Permission bits. */
  readonly mode: number;
  readonly content: DeclaredContent;
}

/** What a file holds, in the words of the comment; several kinds of PEM blocks in the order of the file. */
export type DeclaredContent = (typeof CONTENTS)[number];

const CONTENTS = [
  "the value",
  "the value, decoded",
  "PUBLIC KEY",
  "PRIVATE KEY",
  "CERTIFICATE",
  "PRIVATE KEY, CERTIFICATE",
  "PFX",
  "PFX in base64",
] as const;

/**
 * Reads the files that a class brings from the comment before it:
 * `# Files:`, then lines of path, mode in octal and content.
 * @throws Error when there is no such comment, or a line says something else
 */
export function declaredFiles(text: string): Map<string, DeclaredFile> {
  const [, table = ""] = /^# Files:\n((?:# {3}.*\n)+)/m.exec(text) ?? [];
  const files = new Map<string, DeclaredFile>();
  for (const line of table.split("\n").filter((each) => each !== "")) {
    const [, path = "", mode = "", words = ""] = /^# {3}(\S+) +(0[0-7]{3}) {3}(.*)$/.exec(line) ?? [];
    const content = CONTENTS.find((each) => each === words);
    if (content === undefined) {
      throw new Error(`"${line}" is not path, mode and one of: ${CONTENTS.join("; ")}`);
    }
    files.set(path, { mode: Number.parseInt(mode, 8), content });
  }
  if (files.size === 0) throw new Error('the comment "# Files:" is missing');
  return files;
}

/** Path names as text. Resolution, which needs the file systems, is in mounts.ts. */

/** The names of a path; empty ones and `.` left out, `..` kept. */
export function split(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

/** `/a/b/../c` → `/a/c`, without looking at any file. */
export function normalise(path: string): string {
  const names: string[] = [];
  for (const name of split(path)) {
    if (name === "..") names.pop();
    else names.push(name);
  }
  return `/${names.join("/")}`;
}

/** The path of `name` in `directory`. */
export function join(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** The part before the last name: `/a/b` → `/a`, `/a` → `/`. */
export function dirname(path: string): string {
  const names = split(path);
  names.pop();
  return `/${names.join("/")}`;
}

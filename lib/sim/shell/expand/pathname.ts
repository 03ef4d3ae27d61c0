/** Pathname expansion: the files that a pattern matches, in order (glob(3), bash's glob library). */

import type { Sys } from "@/lib/sim/core/sys";
import { hasPatternCharacter, Pattern, type PatternOptions, unescapePattern } from "./pattern";

export type PathnameOptions = PatternOptions & {
  /** `shopt -s dotglob`: names that begin with a dot match too. */
  readonly dotNames: boolean;
  /** `shopt -s globstar`: `**` goes down through directories. */
  readonly deep: boolean;
  /** bash since 5.2: no pattern matches `.` and `..` (globskipdots). */
  readonly skipsDots: boolean;
};

/** The paths that match, sorted; none if nothing does. */
export function expandPathname(sys: Sys, pattern: string, options: PathnameOptions): readonly string[] {
  const components = pattern.split("/");
  let paths: string[] = [""];
  for (const [i, component] of components.entries()) {
    const isLast = i === components.length - 1;
    const separator = i === 0 ? "" : "/";
    if (component === "" || !hasPatternCharacter(component.replace(/\\[\s\S]/g, ""), options.extended)) {
      const name = unescapePattern(component);
      paths = paths.map((path) => path + separator + name);
      // The last name must exist; the ones before it do if something is found below them.
      if (isLast) paths = paths.filter((path) => (name === "" ? isDirectory(sys, path) : sys.lstat(path).ok));
      continue;
    }
    if (options.deep && component === "**") {
      paths = paths.flatMap((path) => deep(sys, path + separator, isLast, options));
      continue;
    }
    const matcher = new Pattern(component, options);
    const found: string[] = [];
    for (const path of paths) {
      const base = path + separator;
      const names = sys.readdir(base === "" ? "." : base);
      if (!names.ok) continue;
      const beginsWithDot = /^\\?\./.test(component);
      const candidates = beginsWithDot && !options.skipsDots ? [".", "..", ...names.value] : names.value;
      for (const name of candidates) {
        if (name.startsWith(".") && !options.dotNames && !beginsWithDot) continue;
        if (!matcher.matches(name)) continue;
        if (!isLast && !isDirectory(sys, base + name)) continue;
        found.push(base + name);
      }
    }
    paths = found;
  }
  return paths.sort(byCodePoint);
}

/** `**`: this directory's files and those of all below it. */
function deep(sys: Sys, base: string, isLast: boolean, options: PathnameOptions): string[] {
  const found: string[] = isLast ? [] : [base === "" ? "." : base.replace(/\/$/, "")];
  const visit = (directory: string): void => {
    const names = sys.readdir(directory === "" ? "." : directory);
    if (!names.ok) return;
    for (const name of names.value) {
      if (name.startsWith(".") && !options.dotNames) continue;
      const path = directory + name;
      const stat = sys.lstat(path);
      const isDir = stat.ok && stat.value.kind === "directory";
      if (isLast || isDir) found.push(path);
      if (isDir) visit(`${path}/`);
    }
  };
  visit(base);
  return found;
}

function isDirectory(sys: Sys, path: string): boolean {
  const stat = sys.stat(path === "" ? "." : path);
  return stat.ok && stat.value.kind === "directory";
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Tildes: which of them will be expanded is seen where the word is read, before anything else is done to it. */

import type { Part } from "./ast";

/** Finds the tildes that will be expanded: at the start of a word; in an assignment also after `=` and `:`. */
export function markTilde(parts: Part[], where: "word" | "argument" | "assignment"): Part[] {
  const marked: Part[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.kind !== "literal" || !part.text.includes("~")) {
      marked.push(part);
      continue;
    }
    const isLast = i === parts.length - 1;
    const inArgument = where === "argument" && i === 0 && /^[A-Za-z_]\w*=~/.test(part.text);
    const place =
      where === "assignment" ? /(^|:)~([\w.-]*)(?=[/:]|$)/g : inArgument ? /(^|=)~([\w.-]*)(?=[/:]|$)/g : /(^)~([\w.-]*)(?=\/|$)/g;
    let from = 0;
    for (const match of part.text.matchAll(place)) {
      const at = match.index + (match[1]?.length ?? 0);
      const end = match.index + match[0].length;
      if (at === 0 && i > 0) continue;
      if (end === part.text.length && !isLast) continue;
      if (at > from) marked.push({ kind: "literal", text: part.text.slice(from, at) });
      marked.push({ kind: "tilde", user: match[2] ?? "" });
      from = end;
    }
    if (from < part.text.length) marked.push({ kind: "literal", text: part.text.slice(from) });
  }
  return marked;
}

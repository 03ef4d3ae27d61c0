/**
 * Brace expansion: `{a,b}`, `{1..9..2}`, `{a..e}` (bash's braces.c). It comes before all other expansions and looks only at
 * text, so the parser does it once. A brace that does not expand stays as it is.
 */

import type { Part, Word } from "./ast";

/** One character of unquoted text, or a part that braces pass over. */
type Piece = string | Part;

/** A limit of this simulator: a real bash would use up memory. */
const MAX_WORDS = 100_000;

export function expandBraces(word: Word): readonly Word[] {
  if (!word.parts.some((part) => part.kind === "literal" && part.text.includes("{"))) return [word];
  const pieces: Piece[] = word.parts.flatMap((part): Piece[] => (part.kind === "literal" ? [...part.text] : [part]));
  const expanded = expand(pieces);
  if (expanded.length === 1) return [word];
  return expanded.map((made) => toWord(made));
}

function expand(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  for (let open = pieces.indexOf("{"); open >= 0; open = pieces.indexOf("{", open + 1)) {
    const inner = alternatives(pieces, open);
    if (!inner) continue;
    const before = pieces.slice(0, open);
    const after = expand(pieces.slice(inner.end + 1));
    if (inner.choices.length * after.length > MAX_WORDS) return [pieces];
    return inner.choices.flatMap((choice) => after.map((rest) => [...before, ...choice, ...rest]));
  }
  return [pieces];
}

function alternatives(
  pieces: readonly Piece[],
  open: number,
): { readonly choices: readonly (readonly Piece[])[]; readonly end: number } | undefined {
  let depth = 0;
  const cuts = [open];
  for (let i = open; i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === "{") depth++;
    else if (piece === "," && depth === 1) cuts.push(i);
    else if (piece === "}" && --depth === 0) {
      if (cuts.length === 1) {
        const range = sequenceOf(pieces.slice(open + 1, i));
        return range && { choices: range.map((text) => [...text]), end: i };
      }
      cuts.push(i);
      const choices = cuts.slice(1).flatMap((cut, n) => expand(pieces.slice((cuts[n] ?? 0) + 1, cut)));
      return { choices, end: i };
    }
  }
  return undefined;
}

/** `1..5`, `01..10`, `a..e`, `10..0..-2`. */
function sequenceOf(pieces: readonly Piece[]): readonly string[] | undefined {
  if (pieces.some((piece) => typeof piece !== "string")) return undefined;
  const text = pieces.join("");
  const numbers = /^([+-]?\d+)\.\.([+-]?\d+)(?:\.\.([+-]?\d+))?$/.exec(text);
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.([+-]?\d+))?$/.exec(text);
  const match = numbers ?? letters;
  if (!match) return undefined;
  const [, first = "", last = "", by = "1"] = match;
  const from = numbers ? Number(first) : first.charCodeAt(0);
  const to = numbers ? Number(last) : last.charCodeAt(0);
  const step = (Math.abs(Number(by)) || 1) * (from <= to ? 1 : -1);
  if (Math.abs(to - from) / Math.abs(step) > MAX_WORDS) return undefined;
  const isPadded = /^-?0\d/.test(first) || /^-?0\d/.test(last);
  const width = isPadded ? Math.max(first.length, last.length) : 0;
  const made: string[] = [];
  for (let value = from; step > 0 ? value <= to : value >= to; value += step) {
    if (letters) made.push(String.fromCharCode(value));
    else made.push(value < 0 ? `-${String(-value).padStart(width - 1, "0")}` : String(value).padStart(width, "0"));
  }
  return made;
}

function toWord(pieces: readonly Piece[]): Word {
  const parts: Part[] = [];
  let text = "";
  for (const piece of pieces) {
    if (typeof piece !== "string") {
      parts.push(piece);
      text += "text" in piece ? piece.text : "";
      continue;
    }
    text += piece;
    const last = parts.at(-1);
    if (last?.kind === "literal") parts[parts.length - 1] = { kind: "literal", text: last.text + piece };
    else parts.push({ kind: "literal", text: piece });
  }
  return { parts, text };
}

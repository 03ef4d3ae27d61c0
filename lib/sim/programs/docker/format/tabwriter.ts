/**
 * Columns of text, as Go's text/tabwriter aligns them: `docker ps`, `docker network ls`, `docker version`.
 *
 * A cell is text that a tab ends. Cells below one another in lines without a gap form a column, which is as wide as its
 * widest cell and the padding. The last cell of a line belongs to no column. Follows text/tabwriter without flags. Wide East
 * Asian characters count two columns, as in docker's own copy of the package.
 */

export type TabSettings = { readonly minWidth: number; readonly padding: number };

/** What docker's tables use: columns of at least 10, three spaces apart. */
export const TABLE: TabSettings = { minWidth: 10, padding: 3 };

export function alignColumns(text: string, settings: TabSettings): string {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const out: string[] = [];
  format(lines, 0, lines.length, [], settings, out);
  return out.join("\n");
}

function format(
  lines: readonly (readonly string[])[],
  from: number,
  to: number,
  widths: readonly number[],
  settings: TabSettings,
  out: string[],
): void {
  const column = widths.length;
  const has = (line: number): boolean => column < (lines[line]?.length ?? 0) - 1;
  let written = from;
  for (let line = from; line < to; line++) {
    if (!has(line)) continue;
    write(lines, written, line, widths, out);
    let end = line;
    let width = settings.minWidth;
    while (end < to && has(end)) {
      width = Math.max(width, textWidth(lines[end]?.[column] ?? "") + settings.padding);
      end++;
    }
    format(lines, line, end, [...widths, width], settings, out);
    written = end;
    line = end - 1;
  }
  write(lines, written, to, widths, out);
}

function write(lines: readonly (readonly string[])[], from: number, to: number, widths: readonly number[], out: string[]): void {
  for (let line = from; line < to; line++) {
    let text = "";
    for (const [i, cell] of (lines[line] ?? []).entries()) {
      const width = widths[i];
      text += width === undefined ? cell : cell + " ".repeat(Math.max(0, width - textWidth(cell)));
    }
    out.push(text);
  }
}

/** Wide and fullwidth characters of East Asian scripts, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Cuts to `width` columns, the last of them `…`. */
export function ellipsis(text: string, width: number): string {
  if (width <= 0) return "";
  const characters = [...text];
  if (width === 1) return characters[0] ?? "";
  if (textWidth(text) <= width) return text;
  let used = 0;
  let kept = "";
  for (const character of characters) {
    used += textWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The twelve digits of an id that lists show. */
export function shortId(id: string): string {
  const colon = id.indexOf(":");
  return (colon < 0 ? id : id.slice(colon + 1)).slice(0, 12);
}

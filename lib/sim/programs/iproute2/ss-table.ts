/**
 * The columns of `ss` (misc/ss.c, render): as wide as what stands in them, and on a terminal spread over its whole width.
 */

export type Column = { readonly title: string; readonly align: "left" | "right"; readonly before: string };

/** `undefined`: the column is not shown. */
export type Cells = readonly string[];

export function renderTable(columns: readonly Column[], rows: readonly Cells[], terminalWidth: number | undefined): string {
  const widths = columnWidths(columns, rows);
  const breaks = terminalWidth === undefined ? new Set<number>() : spread(widths, terminalWidth);
  return rows.map((row) => renderRow(columns, row, widths, breaks)).join("");
}

function columnWidths(columns: readonly Column[], rows: readonly Cells[]): number[] {
  return columns.map(({ before }, index) => {
    const longest = Math.max(0, ...rows.map((row) => row[index]?.length ?? 0));
    return longest === 0 ? 0 : longest + (index === 0 ? 0 : before.length);
  });
}

/** Gives what is left of each line to its columns; which columns end a line. */
function spread(widths: number[], screen: number): Set<number> {
  const breaks = new Set<number>();
  let [used, first] = [0, 0];
  const share = (last: number): void => {
    const shown = widths.flatMap((width, index) => (width > 0 && index >= first && index <= last ? [index] : []));
    const left = screen - used;
    const each = Math.floor(left / Math.max(1, shown.length));
    let rest = left % Math.max(1, shown.length);
    for (const index of shown) {
      widths[index] = (widths[index] ?? 0) + each + (rest > 0 ? 1 : 0);
      if (rest > 0) rest--;
    }
    breaks.add(last);
    used = 0;
    first = last + 1;
  };
  for (let index = 0; index < widths.length; index++) {
    const width = Math.min(widths[index] ?? 0, screen);
    if (width === 0) continue;
    if (used + width > screen && used > 0) share(index - 1);
    used += width;
    const isLast = widths.slice(index + 1).every((later) => later === 0);
    if (isLast && used < screen) share(index);
  }
  return breaks;
}

function renderRow(columns: readonly Column[], row: Cells, widths: readonly number[], breaks: ReadonlySet<number>): string {
  let text = "";
  const last = columns.length - 1;
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (width === 0) continue;
    const cell = row[index] ?? "";
    const isFirst = text === "" || text.endsWith("\n");
    const before = isFirst ? "" : column.before;
    const room = width - before.length - cell.length;
    if (column.align === "right") text += before + " ".repeat(Math.max(0, room)) + cell;
    else text += before + cell + (index === last && !breaks.has(index) ? "" : " ".repeat(Math.max(0, room)));
    if (breaks.has(index) && index !== last) text += "\n";
  }
  return `${text}\n`;
}

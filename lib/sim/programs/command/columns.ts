/** Text in columns on a terminal, as `ls` and completion lists show names: the fewest rows that fit the width. */

/** How many columns a text takes: one for each character but combining marks, two for wide ones (East Asian, emoji). */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (/\p{M}/u.test(character)) continue;
    width +=
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff)
        ? 2
        : 1;
  }
  return width;
}

/** Down the columns (`ls -C`), or across (`ls -x`): GNU's way, with columns of different widths. */
export function inColumns(
  names: readonly string[],
  lineWidth: number,
  options: { readonly across: boolean; readonly tabs?: boolean },
): string[] {
  const widthOf = textWidth;
  const count = names.length;
  for (let columns = Math.min(count, Math.max(1, Math.floor(lineWidth / 3))); columns >= 1; columns--) {
    const rows = Math.ceil(count / columns);
    const columnOf = (i: number): number => (options.across ? i % columns : Math.floor(i / rows));
    const widths = Array.from({ length: columns }, () => 0);
    names.forEach((name, i) => {
      const column = columnOf(i);
      widths[column] = Math.max(widths[column] ?? 0, widthOf(name) + 2);
    });
    // A column that would stay empty is not wanted.
    if (!options.across && Math.ceil(count / rows) < columns) continue;
    const total = widths.reduce((sum, width) => sum + width, 0) - 2;
    if (total >= lineWidth && columns > 1) continue;
    return Array.from({ length: rows }, (_, row) => {
      let line = "";
      let position = 0;
      for (let column = 0; column < columns; column++) {
        const i = options.across ? row * columns + column : column * rows + row;
        const name = names[i];
        if (name === undefined) continue;
        const nextIndex = options.across ? i + 1 : i + rows;
        const isLast = column === columns - 1 || nextIndex >= count;
        const end = position + (widths[column] ?? 0);
        line += isLast ? name : name + indent(position + widthOf(name), end, options.tabs ?? false);
        position = end;
      }
      return line;
    });
  }
  return [...names];
}

/** From one column to another: with tabs where one reaches further than a blank, as GNU ls does. */
function indent(from: number, to: number, tabs: boolean): string {
  let text = "";
  for (let at = from; at < to; ) {
    if (tabs && Math.floor(to / 8) > Math.floor((at + 1) / 8)) {
      text += "\t";
      at += 8 - (at % 8);
    } else {
      text += " ";
      at++;
    }
  }
  return text;
}

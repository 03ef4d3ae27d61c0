/**
 * Shows a line that is being edited: prompt, text and cursor, over as many rows as the terminal's width asks for.
 *
 * It knows what it has drawn and where it left the cursor, and gives the characters that bring the terminal from there to the
 * new state (readline's display.c): what has not changed stays, the rest is cleared and written again.
 */

import { INVISIBLE_END, INVISIBLE_START } from "./prompt";
import { charWidth, shown } from "./width";

type Position = { readonly row: number; readonly column: number };

type Cell = { readonly text: string; readonly width: number };

export class Screen {
  #columns: number;
  /** Where the cursor stands, counted from the prompt's first row. */
  #cursor: Position = { row: 0, column: 0 };
  #drawn: { readonly prompt: string; readonly text: string; readonly cursor: number } | undefined;

  constructor(columns: number) {
    this.#columns = Math.max(2, columns);
  }

  /** The width changed, and the terminal has wrapped what it shows anew: all is drawn again from the prompt's row. */
  resize(columns: number): string {
    this.#columns = Math.max(2, columns);
    const before = this.#drawn;
    if (!before) return "";
    const cells = [...promptCells(before.prompt), ...[...before.text].map(textCell)];
    const laid = layout(cells, this.#columns);
    const target = laid.positions[cells.length - [...before.text].length + before.cursor] ?? laid.end;
    this.#cursor = target;
    return `${moveTo(target, { row: 0, column: target.column })}\r\x1b[J${laid.pieces.join("")}${moveTo(laid.end, target)}`;
  }

  /** Forgets what was drawn: the prompt will be on a new row. */
  reset(): void {
    this.#cursor = { row: 0, column: 0 };
    this.#drawn = undefined;
  }

  /** Shows `text` after `prompt`, with the cursor before the character number `cursor`. */
  draw(prompt: string, text: string, cursor: number): string {
    const before = this.#drawn;
    if (before && before.prompt === prompt && before.text === text && before.cursor === cursor) return "";
    this.#drawn = { prompt, text, cursor };
    const chars = [...text];
    const head = promptCells(prompt);
    const laid = layout([...head, ...chars.map(textCell)], this.#columns);
    const place = (index: number): Position => laid.positions[head.length + index] ?? laid.end;
    if (!before) {
      this.#cursor = place(cursor);
      return laid.pieces.join("") + moveTo(laid.end, this.#cursor);
    }
    // What has not changed stays; the rest is cleared and drawn again.
    const old = [...before.text];
    let same = 0;
    while (same < old.length && same < chars.length && old[same] === chars[same]) same++;
    const isSamePrompt = before.prompt === prompt;
    const start = isSamePrompt ? (laid.starts[head.length + same] ?? laid.end) : { row: 0, column: 0 };
    const from = isSamePrompt ? head.length + same : 0;
    const isChanged = !isSamePrompt || same < old.length || same < chars.length;
    let made = moveTo(this.#cursor, isChanged ? start : place(cursor));
    if (isChanged) {
      if (!isSamePrompt || same < old.length) made += "\x1b[J";
      made += laid.pieces.slice(from).join("") + moveTo(laid.end, place(cursor));
    }
    this.#cursor = place(cursor);
    return made;
  }

  /** To the row below all that was drawn, for what comes next. */
  leave(): string {
    if (!this.#drawn) return "";
    const cells = [...promptCells(this.#drawn.prompt), ...[...this.#drawn.text].map(textCell)];
    const { end } = layout(cells, this.#columns);
    const made = moveTo(this.#cursor, end);
    this.reset();
    return `${made}\r\n`;
  }
}

function textCell(char: string): Cell {
  const text = shown(char);
  return { text, width: [...text].reduce((sum, each) => sum + charWidth(each), 0) };
}

/** A prompt's characters; escape sequences and what stands between `\[` and `\]` take no room. */
function promptCells(prompt: string): readonly Cell[] {
  const cells: Cell[] = [];
  const pattern = new RegExp(`${INVISIBLE_START}([^${INVISIBLE_END}]*)${INVISIBLE_END}|(\\x1b\\[[0-9;?]*[@-~])|([\\s\\S])`, "gu");
  for (const [, hidden, sequence, char = ""] of prompt.matchAll(pattern)) {
    if (hidden !== undefined) cells.push({ text: hidden, width: 0 });
    else if (sequence !== undefined) cells.push({ text: sequence, width: 0 });
    else if (char !== INVISIBLE_START && char !== INVISIBLE_END) cells.push(char === "\n" ? { text: "\n", width: 0 } : textCell(char));
  }
  return cells;
}

/** Where each cell comes to stand, and the characters that put it there. */
function layout(
  cells: readonly Cell[],
  columns: number,
): {
  readonly pieces: readonly string[] /** Where the one before ended. */;
  readonly starts: readonly Position[];
  readonly positions: readonly Position[];
  readonly end: Position;
} {
  const starts: Position[] = [];
  const positions: Position[] = [];
  const pieces: string[] = [];
  let row = 0;
  let column = 0;
  for (const cell of cells) {
    starts.push({ row, column });
    if (cell.text === "\n") {
      positions.push({ row, column });
      pieces.push("\r\n");
      row++;
      column = 0;
      continue;
    }
    if (cell.width > 0 && column + cell.width > columns) {
      // A wide character that does not fit begins the next row; the terminal does the same by itself.
      row++;
      column = 0;
    }
    positions.push({ row, column });
    column += cell.width;
    if (column >= columns) {
      // The terminal wraps only when the next character comes: a blank brings the cursor there.
      pieces.push(`${cell.text} \r`);
      row++;
      column = 0;
    } else pieces.push(cell.text);
  }
  return { pieces, starts, positions, end: { row, column } };
}

function moveTo(from: Position, to: Position): string {
  let made = "";
  if (to.row < from.row) made += `\x1b[${from.row - to.row}A`;
  else if (to.row > from.row) made += `\x1b[${to.row - from.row}B`;
  if (to.column === from.column) return made;
  if (to.column === 0) return `${made}\r`;
  const left = from.column - to.column;
  if (left > 0 && left <= 4) return made + "\b".repeat(left);
  return made + (left > 0 ? `\x1b[${left}D` : `\x1b[${-left}C`);
}

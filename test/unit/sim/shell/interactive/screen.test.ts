import fc from "fast-check";
import { expect, test } from "vitest";
import { Screen } from "@/lib/sim/shell/interactive/screen";
import { charWidth } from "@/lib/sim/shell/interactive/width";

/** As much of a terminal as the line editor uses: cells, a cursor, wrapping that waits for the next character. */
class Terminal {
  readonly #columns: number;
  readonly #rows: string[][] = [[]];
  row = 0;
  column = 0;
  #isWrapPending = false;

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    for (const [token] of text.matchAll(/\x1b\[(\d*)([A-Z])|[\s\S]/gu)) {
      const sequence = /^\x1b\[(\d*)([A-Z])$/.exec(token);
      if (sequence) {
        const count = Number(sequence[1] || 1);
        this.#isWrapPending = false;
        if (sequence[2] === "A") this.row -= count;
        if (sequence[2] === "B") this.row += count;
        if (sequence[2] === "C") this.column += count;
        if (sequence[2] === "D") this.column -= count;
        if (sequence[2] === "J") {
          this.#rows.length = this.row + 1;
          this.#line().length = this.column;
        }
        expect(this.row).toBeGreaterThanOrEqual(0);
        expect(this.column).toBeGreaterThanOrEqual(0);
        expect(this.column).toBeLessThan(this.#columns);
        continue;
      }
      if (token === "\r") {
        this.column = 0;
        this.#isWrapPending = false;
      } else if (token === "\n") this.row++;
      else if (token === "\b") {
        this.column--;
        this.#isWrapPending = false;
      } else this.#put(token);
    }
  }

  #put(char: string): void {
    const width = charWidth(char);
    if (this.#isWrapPending || this.column + width > this.#columns) {
      this.row++;
      this.column = 0;
      this.#isWrapPending = false;
    }
    const line = this.#line();
    while (line.length < this.column) line.push(" ");
    line.splice(this.column, width, char, ...Array.from({ length: width - 1 }, () => ""));
    this.column += width;
    if (this.column >= this.#columns) {
      this.column = this.#columns - 1;
      this.#isWrapPending = true;
    }
  }

  #line(): string[] {
    while (this.#rows.length <= this.row) this.#rows.push([]);
    return this.#rows[this.row] ?? [];
  }

  /** What is on the screen, blanks at line ends left out. */
  text(): string {
    return this.#rows
      .map((row) =>
        Array.from(row, (cell) => cell ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n")
      .trimEnd();
  }
}

const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "日", "é"), maxLength: 40 });

test("however the line changes, the screen shows it as if it had been drawn at once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 20 }),
      fc.array(fc.tuple(line, fc.nat(40)), { minLength: 1, maxLength: 6 }),
      (columns, states) => {
        const screen = new Screen(columns);
        const terminal = new Terminal(columns);
        for (const [text, at] of states) {
          const cursor = Math.min(at, [...text].length);
          terminal.write(screen.draw("$ ", text, cursor));

          const fresh = new Terminal(columns);
          fresh.write(new Screen(columns).draw("$ ", text, cursor));
          expect(terminal.text()).toBe(fresh.text());
          expect([terminal.row, terminal.column]).toEqual([fresh.row, fresh.column]);
        }
      },
    ),
  );
});

test("typing at the end and moving back send no more than that", () => {
  const screen = new Screen(80);

  expect(screen.draw("$ ", "", 0)).toBe("$ ");
  expect(screen.draw("$ ", "ab", 2)).toBe("ab");
  expect(screen.draw("$ ", "ab", 0)).toBe("\b\b");
  expect(screen.draw("$ ", "xab", 1)).toBe("\x1b[Jxab\b\b");
});

test("a line that fills the width puts the cursor on the next row", () => {
  const screen = new Screen(10);
  const terminal = new Terminal(10);

  terminal.write(screen.draw("$ ", "12345678", 8));
  expect([terminal.row, terminal.column]).toEqual([1, 0]);
  terminal.write(screen.draw("$ ", "123456789", 9));
  expect([terminal.row, terminal.column]).toEqual([1, 1]);
});

test("escape sequences and what is marked invisible take no room", () => {
  const screen = new Screen(20);
  screen.draw("\x01\x1b[32m\x02ab\x01\x1b[0m\x02$ ", "", 0);

  expect(screen.draw("\x01\x1b[32m\x02ab\x01\x1b[0m\x02$ ", "1234567890123456", 16)).toBe("1234567890123456 \r");
});

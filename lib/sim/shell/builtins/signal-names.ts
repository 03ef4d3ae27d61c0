/** Lists of signals: `kill -l`, `trap -l`. */

import { SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import type { Flavour } from "../flavour";

const NAMES = Object.keys(SIGNAL_NUMBERS) as SignalName[];

/** bash's table in five columns, with the real-time signals. */
export function signalTable(): string {
  const cells = NAMES.map((name) => `${String(SIGNAL_NUMBERS[name]).padStart(2)}) SIG${name}`);
  for (let number = 34; number <= 64; number++) {
    const name =
      number === 34 ? "SIGRTMIN" : number === 64 ? "SIGRTMAX" : number < 50 ? `SIGRTMIN+${number - 34}` : `SIGRTMAX-${64 - number}`;
    cells.push(`${number}) ${name}`);
  }
  let text = "";
  for (const [i, cell] of cells.entries()) text += cell + ((i + 1) % 5 === 0 || i === cells.length - 1 ? "\n" : "\t");
  return text;
}

/** `kill -l` as the flavour prints it. */
export function signalList(flavour: Flavour): string {
  switch (flavour.dialect.name) {
    case "bash":
      return signalTable();
    case "dash":
      return `0\n${NAMES.map((name) => `${name}\n`).join("")}`;
    case "ash":
      return NAMES.map((name) => `${String(SIGNAL_NUMBERS[name]).padStart(2)}) ${name}\n`).join("");
  }
}

/** The signal with this number, also as an exit status (137 is KILL). */
export function signalOfNumber(number: number): SignalName | undefined {
  const bare = number > 128 ? number - 128 : number;
  return NAMES.find((name) => SIGNAL_NUMBERS[name] === bare);
}

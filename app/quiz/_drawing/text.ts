/** Words in a drawing, measured by their letters: SVG does not break lines, and the server has no fonts. */

/** Pixels of one letter: of a label, of a line of facts, of a small word. Rather too much than too little. */
export const STRONG = 7.7;
export const MONO = 6.65;
export const SMALL = 6.2;

export function widthOf(text: string, letter: number): number {
  return text.length * letter;
}

/** The text in lines no wider than `room`: broken at blanks, and inside a word only where that alone is too long. */
export function wrap(text: string, room: number, letter: number): readonly string[] {
  const most = Math.max(4, Math.floor(room / letter));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((long) => chunksOf(long, most))) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= most) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function chunksOf(word: string, most: number): readonly string[] {
  return Array.from({ length: Math.max(1, Math.ceil(word.length / most)) }, (_, at) => word.slice(at * most, (at + 1) * most));
}

/** A command in one line as words, by the shell's rules for quotes and backslashes. Follows mattn/go-shellwords. */

export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let isOpen = false;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (character === "\\" && quote !== "'") {
      word += text[++i] ?? "";
      isOpen = true;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      isOpen = true;
    } else if (/\s/.test(character)) {
      if (isOpen) words.push(word);
      word = "";
      isOpen = false;
    } else {
      word += character;
      isOpen = true;
    }
  }
  if (isOpen) words.push(word);
  return words;
}

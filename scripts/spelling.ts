/** Spelling of content: an English dictionary, and the words of the field in content/words.txt. */

import { readFile } from "node:fs/promises";
import dictionary from "dictionary-en";
import nspell from "nspell";
import { wordsIn } from "@/lib/content/prose";

/** The words of a text that are in neither. */
export async function speller(list = "content/words.txt"): Promise<(text: string) => readonly string[]> {
  const english = nspell({ aff: Buffer.from(dictionary.aff), dic: Buffer.from(dictionary.dic) });
  const field = new Set((await readFile(list, "utf8")).split("\n").map((word) => word.trim().toLowerCase()));
  return (text) => wordsIn(text).filter((word) => !english.correct(word) && !field.has(word.toLowerCase()));
}

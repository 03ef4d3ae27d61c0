import { paragraphsOf } from "@/app/_components/markdown-parse";
import type { ItemFigures } from "@/lib/progress";
import type { DistractorFlag, Flag } from "@/lib/study/statistics";

/** In a word for the table, and in a sentence for the page of one item. `isGrave`: something has to be done. */
export const FLAGS: Readonly<Record<Flag, { readonly word: string; readonly sentence: string; readonly isGrave: boolean }>> = {
  "negative-discrimination": {
    word: "take out",
    sentence:
      "Those who know more get it wrong more often. Usually the key is wrong, or a second option is right as well. Take it out until that is settled.",
    isGrave: true,
  },
  "weak-discrimination": {
    word: "review",
    sentence: "It hardly tells those who know from those who don’t. Review its wording and its options.",
    isGrave: true,
  },
  "watch-discrimination": { word: "watch", sentence: "It tells those who know from those who don’t, but not well.", isGrave: false },
  "too-hard": { word: "very hard", sentence: "Fewer than one in five know it.", isGrave: true },
  "too-easy": { word: "very easy", sentence: "Nearly everybody knows it, so it says little.", isGrave: false },
};

export const DISTRACTORS: Readonly<Record<DistractorFlag, { readonly word: string; readonly words: string; readonly sentence: string }>> = {
  ambiguous: { word: "ambiguous", words: "ambiguous", sentence: "chosen more often by the best third than by the worst" },
  "not-working": { word: "does not work", words: "do not work", sentence: "chosen by fewer than one in twenty of those who were wrong" },
};

/** The stem in one line of plain text. */
export function stemOf({ item }: ItemFigures): string {
  return paragraphsOf(item.stem).join(" ");
}

/** What is said of an item in the table, the most pressing first. */
export function remarksOn({ flags, distractors }: ItemFigures): readonly { readonly text: string; readonly isGrave: boolean }[] {
  const byFlag = new Map<DistractorFlag, string[]>();
  for (const [option, flag] of distractors) byFlag.set(flag, [...(byFlag.get(flag) ?? []), option]);
  return [
    ...flags.map((flag) => ({ text: FLAGS[flag].word, isGrave: FLAGS[flag].isGrave })),
    ...[...byFlag].map(([flag, options]) => ({
      text: `${options.join(", ")}: ${options.length > 1 ? DISTRACTORS[flag].words : DISTRACTORS[flag].word}`,
      isGrave: false,
    })),
  ];
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** With a true minus sign; a dash when there is none. */
export function coefficient(value: number | undefined): string {
  if (value === undefined) return "–";
  const text = Math.abs(value).toFixed(2);
  return value < 0 && text !== "0.00" ? `−${text}` : text;
}

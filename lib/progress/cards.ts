/** Cards: what comes back for review, and what an answer says about them. */

import type { Item } from "@/lib/content";
import type { CardKind, ReviewRecord } from "@/lib/db";
import { beliefsOf, beliefsShown } from "@/lib/practice/items";
import { foldReviews, type Grade, type Review } from "@/lib/study/schedule";

export type CardRef = { readonly kind: CardKind; readonly card: string };

/** Cards by key, each with its log in order of time. */
export type Cards = ReadonlyMap<string, readonly Review[]>;

export function keyOf({ kind, card }: CardRef): string {
  return `${kind}:${card}`;
}

export function fromKey(key: string): CardRef {
  const at = key.indexOf(":");
  return { kind: key.slice(0, at) as CardKind, card: key.slice(at + 1) };
}

export function cardsOf(reviews: readonly ReviewRecord[]): Cards {
  const cards = new Map<string, Review[]>();
  for (const { at, grade, ...card } of reviews) {
    const log = cards.get(keyOf(card));
    if (log) log.push({ at: at.getTime(), grade });
    else cards.set(keyOf(card), [{ at: at.getTime(), grade }]);
  }
  return cards;
}

type Evidence = {
  readonly item: Item;
  readonly chosen: readonly string[];
  readonly correct: boolean;
  readonly grade: Grade;
  readonly cards: Cards;
  readonly now: number;
  /** The card that a review asked for. Practice asks for none. */
  readonly asked?: CardRef;
};

/**
 * What an answer is worth as reviews. An item begins to come back with its first answer; after that an answer counts when the
 * card was due or asked for, or when it was wrong: getting right what one has just read says little. A misconception begins
 * with the first wrong option that stands for it, and is reviewed by any item that offers it once it is due.
 */
export function reviewsOf({ item, chosen, correct, grade, cards, now, asked }: Evidence): readonly (CardRef & { readonly grade: Grade })[] {
  const isAsked = ({ kind, card }: CardRef): boolean => asked?.kind === kind && asked.card === card;
  const isDue = (card: CardRef): boolean => (foldReviews(cards.get(keyOf(card)) ?? [])?.due ?? Number.POSITIVE_INFINITY) <= now;
  const reviews: (CardRef & { readonly grade: Grade })[] = [];

  const own: CardRef = { kind: "item", card: item.id };
  if (isAsked(own) || !cards.has(keyOf(own)) || !correct || isDue(own)) reviews.push({ ...own, grade: correct ? grade : "again" });

  const held = beliefsShown(item, chosen);
  for (const card of beliefsOf(item)) {
    const belief: CardRef = { kind: "misconception", card };
    if (held.includes(card)) reviews.push({ ...belief, grade: "again" });
    else if (isAsked(belief) || (correct && isDue(belief))) reviews.push({ ...belief, grade: isAsked(belief) ? grade : "good" });
  }
  return reviews;
}

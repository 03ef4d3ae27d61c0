/**
 * Ids and invented names. Each kind of object draws from a stream of its own, so that one more network changes no
 * container's id.
 *
 * An invented name is an adjective and a scientist, as moby's pkg/namesgenerator does; the lists are this project's own.
 */

import type { Random } from "@/lib/sim/core/random";

export class Ids {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** 64 hexadecimal digits whose short form is not all digits: it could be taken for a number (moby: pkg/stringid). */
  next(): string {
    for (;;) {
      const id = this.#random.hex(64);
      if (!/^\d+$/.test(id.slice(0, 12))) return id;
    }
  }

  /** `serene_noether`; from the second try on with a digit. */
  name(attempt: number): string {
    const name = `${this.#random.pick(ADJECTIVES)}_${this.#random.pick(SURNAMES)}`;
    return attempt > 0 ? `${name}${this.#random.below(10)}` : name;
  }
}

/** The short form: 12 digits, without an algorithm. */
export function shortId(id: string): string {
  return id.slice(id.indexOf(":") + 1).slice(0, 12);
}

const ADJECTIVES = [
  "agile",
  "amazing",
  "ardent",
  "bold",
  "brave",
  "bright",
  "calm",
  "charming",
  "clever",
  "cool",
  "curious",
  "daring",
  "dazzling",
  "eager",
  "elegant",
  "epic",
  "fervent",
  "festive",
  "focused",
  "friendly",
  "gallant",
  "gentle",
  "gifted",
  "goofy",
  "gracious",
  "happy",
  "hopeful",
  "hungry",
  "inspiring",
  "jolly",
  "jovial",
  "keen",
  "kind",
  "loving",
  "lucid",
  "magical",
  "modest",
  "musing",
  "mystic",
  "nice",
  "nifty",
  "nimble",
  "optimistic",
  "patient",
  "peaceful",
  "pensive",
  "playful",
  "quirky",
  "relaxed",
  "serene",
  "sharp",
  "silly",
  "sleepy",
  "stoic",
  "sweet",
  "tender",
  "thirsty",
  "upbeat",
  "vibrant",
  "vigilant",
  "wizardly",
  "zealous",
  "zen",
] as const;

const SURNAMES = [
  "allen",
  "banach",
  "bardeen",
  "bell",
  "bohr",
  "boyd",
  "burnell",
  "cannon",
  "carson",
  "cerf",
  "chandrasekhar",
  "cohen",
  "cori",
  "curie",
  "darwin",
  "dijkstra",
  "einstein",
  "elion",
  "engelbart",
  "euler",
  "faraday",
  "fermat",
  "feynman",
  "franklin",
  "galileo",
  "gauss",
  "germain",
  "goldberg",
  "goodall",
  "hamilton",
  "hawking",
  "hertz",
  "hodgkin",
  "hopper",
  "hypatia",
  "jackson",
  "johnson",
  "kare",
  "keller",
  "kepler",
  "knuth",
  "lamarr",
  "leakey",
  "lovelace",
  "margulis",
  "maxwell",
  "mayer",
  "mcclintock",
  "meitner",
  "mendel",
  "mirzakhani",
  "morse",
  "newton",
  "nightingale",
  "noether",
  "pascal",
  "pasteur",
  "perlman",
  "ptolemy",
  "raman",
  "ramanujan",
  "ride",
  "ritchie",
  "rubin",
  "shannon",
  "snyder",
  "stonebraker",
  "swartz",
  "tesla",
  "thompson",
  "torvalds",
  "turing",
  "villani",
  "volhard",
  "wescoff",
  "wiles",
  "wing",
  "wright",
  "yalow",
  "yonath",
] as const;

/**
 * Ids and invented names. Each kind of object draws from a stream of its own, so that one more network changes no
 * container's id.
 *
 * An invented name is an adjective and a scientist, as in moby's pkg/namesgenerator, of whose words these are some.
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

const ADJECTIVES: readonly string[] = `
  admiring adoring amazing beautiful blissful bold brave busy charming clever compassionate cool dazzling determined
  dreamy eager elegant epic fervent festive focused friendly gallant gifted goofy gracious great happy hopeful hungry
  inspiring jolly jovial keen kind loving lucid magical modest musing naughty nice nifty nostalgic optimistic peaceful
  pensive quirky quizzical relaxed serene sharp silly sleepy stoic sweet tender thirsty upbeat vibrant vigilant wizardly
  zealous zen
`
  .trim()
  .split(/\s+/);

const SURNAMES: readonly string[] = `
  allen banach bardeen bell bohr boyd burnell cannon carson cerf chandrasekhar cohen cori curie darwin dijkstra einstein
  elion engelbart euler faraday fermat feynman franklin galileo gauss germain goldberg goodall hamilton hawking hertz
  hodgkin hopper hypatia jackson johnson kare keller kepler knuth lamarr leakey lovelace margulis maxwell mayer
  mcclintock meitner mendel mirzakhani morse newton nightingale noether pascal pasteur perlman ptolemy raman ramanujan
  ride ritchie rubin shannon snyder stonebraker swartz tesla thompson torvalds turing villani volhard wescoff wiles wing
  wright yalow yonath
`
  .trim()
  .split(/\s+/);

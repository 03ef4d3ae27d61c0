/**
 * The two ends of a TCP stream of text: what was written and is not acknowledged yet, and what arrived and was not read yet.
 *
 * Sequence numbers count bytes of UTF-8; a segment never ends inside a character.
 */

import { utf8Length } from "@/lib/sim/net/length";
import { distance, isAfter, plus } from "./tcp-sequence";

/** A segment on its way. */
export type InFlight = {
  readonly sequence: number;
  readonly text: string;
  readonly length: number;
  readonly isFin: boolean;
  readonly isLastOfWrite: boolean;
};

export class SendBuffer {
  readonly #unsent: string[] = [];
  readonly #inFlight: InFlight[] = [];
  #unsentBytes = 0;
  #inFlightBytes = 0;

  /** Bytes that were written and not acknowledged. */
  get bytes(): number {
    return this.#unsentBytes + this.#inFlightBytes;
  }

  get hasUnsent(): boolean {
    return this.#unsent.length > 0;
  }

  get first(): InFlight | undefined {
    return this.#inFlight[0];
  }

  get isInFlight(): boolean {
    return this.#inFlight.length > 0;
  }

  write(text: string, bytes: number): void {
    this.#unsent.push(text);
    this.#unsentBytes += bytes;
  }

  /** Cuts the next segment of at most `limit` bytes; `undefined` when nothing fits. */
  next(sequence: number, limit: number): InFlight | undefined {
    const head = this.#unsent[0];
    if (head === undefined) return undefined;
    const taken = prefixOf(head, limit);
    if (taken.text === "") return undefined;
    const isWhole = taken.text.length === head.length;
    if (isWhole) this.#unsent.shift();
    else this.#unsent[0] = head.slice(taken.text.length);
    this.#unsentBytes -= taken.bytes;
    const segment = { sequence, text: taken.text, length: taken.bytes, isFin: false, isLastOfWrite: isWhole };
    this.#inFlight.push(segment);
    this.#inFlightBytes += taken.bytes;
    return segment;
  }

  /** The FIN takes a sequence number of its own. */
  sendFin(sequence: number): InFlight {
    const fin = { sequence, text: "", length: 1, isFin: true, isLastOfWrite: true };
    this.#inFlight.push(fin);
    return fin;
  }

  /** Forgets what is acknowledged. True when the FIN was among it. */
  acknowledge(upTo: number): boolean {
    let finWasAcknowledged = false;
    for (let first = this.#inFlight[0]; first; first = this.#inFlight[0]) {
      if (isAfter(plus(first.sequence, first.length), upTo)) break;
      this.#inFlight.shift();
      if (first.isFin) finWasAcknowledged = true;
      else this.#inFlightBytes -= first.length;
    }
    return finWasAcknowledged;
  }

  /** Everything that is on its way is to be sent again, in segments of another size. Whether a FIN was among it. */
  recut(): boolean {
    const texts = this.#inFlight.filter((segment) => !segment.isFin).map((segment) => segment.text);
    const hadFin = this.#inFlight.some((segment) => segment.isFin);
    this.#unsent.unshift(...texts);
    this.#unsentBytes += this.#inFlightBytes;
    this.#inFlightBytes = 0;
    this.#inFlight.length = 0;
    return hadFin;
  }

  clear(): void {
    this.#unsent.length = 0;
    this.#inFlight.length = 0;
    this.#unsentBytes = 0;
    this.#inFlightBytes = 0;
  }
}

export class ReceiveBuffer {
  readonly #ready: string[] = [];
  readonly #early = new Map<number, { readonly text: string; readonly length: number; readonly fin: boolean }>();
  #readyBytes = 0;

  /** Bytes that can be read now. */
  get bytes(): number {
    return this.#readyBytes;
  }

  get hasEarly(): boolean {
    return this.#early.size > 0;
  }

  /**
   * Takes a segment that begins at `sequence`, when the next byte expected is `expected`. What arrives early waits for what is
   * missing. Tells where the stream now stands, and whether its end was reached.
   */
  accept(
    sequence: number,
    text: string,
    length: number,
    fin: boolean,
    expected: number,
  ): { readonly next: number; readonly ended: boolean } {
    let next = expected;
    let ended = false;
    if (sequence !== expected) {
      if (isAfter(sequence, expected)) this.#early.set(sequence, { text, length, fin });
      return { next, ended };
    }
    let segment: { readonly text: string; readonly length: number; readonly fin: boolean } | undefined = { text, length, fin };
    while (segment) {
      if (segment.text !== "") {
        this.#ready.push(segment.text);
        this.#readyBytes += segment.length;
      }
      next = plus(next, segment.length + (segment.fin ? 1 : 0));
      if (segment.fin) ended = true;
      const following = this.#early.get(next);
      this.#early.delete(next);
      segment = ended ? undefined : following;
    }
    for (const key of this.#early.keys()) if (ended || distance(key, next) < 0) this.#early.delete(key);
    return { next, ended };
  }

  /** All that can be read. */
  take(): string {
    const text = this.#ready.length === 1 ? (this.#ready[0] ?? "") : this.#ready.join("");
    this.#ready.length = 0;
    this.#readyBytes = 0;
    return text;
  }
}

/** The longest beginning of `text` that has at most `limit` bytes. */
export function prefixOf(text: string, limit: number): { readonly text: string; readonly bytes: number } {
  const candidate = text.length <= limit ? text : text.slice(0, limit);
  const bytes = utf8Length(candidate);
  if (bytes <= limit && (candidate.length === text.length || !endsInPair(candidate))) return { text: candidate, bytes };
  let end = 0;
  let count = 0;
  for (const character of candidate) {
    const size = utf8Length(character);
    const isHalf = character.length === 1 && endsInPair(character) && end + 1 === candidate.length && candidate.length < text.length;
    if (count + size > limit || isHalf) break;
    end += character.length;
    count += size;
  }
  return { text: text.slice(0, end), bytes: count };
}

/** Whether the last unit is the first half of a surrogate pair. */
function endsInPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}

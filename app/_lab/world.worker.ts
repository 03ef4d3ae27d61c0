/// <reference lib="webworker" />
/**
 * The world in its worker. Virtual time follows the wall's clock from the moment the replay is over; an input is applied
 * at once, at the instant that the wall stands for.
 */

import { EventLimitReached, type Instant, type TranscriptEntry, World } from "@/lib/sim";
import { LiveClock } from "./live-clock";
import type { FromWorld, OpenTerminal, ToWorld } from "./protocol";
import { TrafficReader } from "./traffic";

declare const self: DedicatedWorkerGlobalScope;

/** A timer is never set for longer: the picture's clock must not stand still for ever. */
const LONGEST_SLEEP = 60_000;
/** Characters that one terminal shows of one turn. */
const MOST_OUTPUT = 262_144;
/** How often the picture hears of frames. */
const TRAFFIC_INTERVAL = 40;

const say = (message: FromWorld): void => self.postMessage(message);

class LiveWorld {
  readonly #world: World;
  readonly #traffic = new TrafficReader();
  readonly #terminals = new Map<string, OpenTerminal>();
  readonly #hasOutput = new Set<string>();
  #isChanged = true;
  readonly #clock: LiveClock;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #trafficTimer: ReturnType<typeof setTimeout> | undefined;
  /** After a limit nothing runs until somebody types. */
  #isHalted = false;

  constructor({ world: { topology, setup }, seed, entries, until, wantsTrace }: Extract<ToWorld, { kind: "boot" }>) {
    this.#world = World.create({ topology, seed, setup });
    this.#world.onOutput = (terminal) => this.#hasOutput.add(terminal);
    this.#world.onChange = () => {
      this.#isChanged = true;
    };
    for (const entry of entries) this.#guard(() => this.#apply(entry));
    if (until !== undefined && until > this.#world.now) this.#guard(() => this.#world.advanceTo(until));
    if (wantsTrace) this.#world.onTrace = (event) => this.#traffic.note(event);
    this.#clock = new LiveClock(this.#world, () => performance.now());
    say({ kind: "ready", terminals: [...this.#terminals.values()] });
    this.#report();
    this.#sleep();
  }

  /** Applies an input now. */
  give(input: Exclude<ToWorld, { kind: "boot" | "ask-clock" }>): void {
    const at = this.#catchUp();
    this.#isHalted = false;
    const entry: TranscriptEntry = { ...input, at };
    if (this.#guard(() => this.#apply(entry))) say({ kind: "entry", entry });
    this.#report();
    this.#sleep();
  }

  tellClock(id: number): void {
    say({ kind: "clock", id, at: this.#catchUp() });
    this.#report();
    this.#sleep();
  }

  #apply(entry: TranscriptEntry): void {
    this.#world.apply(entry);
    if (entry.kind === "open") this.#terminals.set(entry.terminal, { terminal: entry.terminal, host: entry.host });
    if (entry.kind === "close") this.#terminals.delete(entry.terminal);
  }

  /** Runs the world towards the wall's clock and answers the instant that it stands at. */
  #catchUp(): Instant {
    if (!this.#isHalted) this.#guard(() => this.#clock.catchUp());
    return this.#world.now;
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#isHalted) return;
    this.#timer = setTimeout(() => this.#wake(), Math.min(this.#clock.dueIn() ?? LONGEST_SLEEP, LONGEST_SLEEP));
  }

  #wake(): void {
    this.#catchUp();
    this.#report();
    this.#sleep();
  }

  #report(): void {
    for (const terminal of this.#hasOutput) {
      const text = capped(this.#world.takeOutput(terminal));
      if (text !== "") say({ kind: "output", terminal, text });
    }
    this.#hasOutput.clear();
    if (this.#isChanged) {
      this.#isChanged = false;
      say({ kind: "snapshot", snapshot: this.#world.snapshot() });
    }
    // Frames are told in batches, after the drawing on which they travel.
    if (this.#trafficTimer !== undefined) return;
    this.#trafficTimer = setTimeout(() => {
      this.#trafficTimer = undefined;
      const traffic = this.#traffic.take();
      if (traffic) say({ kind: "traffic", traffic });
    }, TRAFFIC_INTERVAL);
  }

  /** Whether `run` came to its end. A limit is told and the world lives on; a bug ends it. */
  #guard(run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (error instanceof EventLimitReached) {
        this.#isHalted = true;
        say({ kind: "limit", message: error.message });
        return false;
      }
      throw error;
    }
  }
}

/** A flood's end is enough: nobody reads more in a moment, and a terminal that must show it all freezes. */
function capped(text: string): string {
  if (text.length <= MOST_OUTPUT) return text;
  const end = text.slice(-MOST_OUTPUT / 2);
  const left = text.length - end.length;
  return `\r\n\x1b[0;7m drydock: ${left} characters are not shown; this is a limit of the lab, not of Docker \x1b[0m\r\n${end.slice(end.indexOf("\n") + 1)}`;
}

let live: LiveWorld | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ToWorld>) => {
  try {
    if (data.kind === "boot") live = new LiveWorld(data);
    else if (data.kind === "ask-clock") live?.tellClock(data.id);
    else live?.give(data);
  } catch (error) {
    live = undefined;
    say({ kind: "broken", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

/**
 * Pseudo-terminals: pty(7), Linux's drivers/tty/pty.c and tty_jobctrl.c.
 *
 * The master is held by a terminal emulator or by the daemon (`docker run -t`), the slave is /dev/pts/N of the processes: a
 * screen, a line discipline, a foreground process group. Differs: no termios beyond raw and cooked (`stty` is not
 * simulated), no baud rates, output is never held back by a slow reader.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { cutAt } from "@/lib/base/utf8";
import type { Errno } from "@/lib/sim/core/errno";
import type { SignalName } from "@/lib/sim/core/signal";
import type { FileStat, Pid, Tty } from "@/lib/sim/core/sys";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { PtyMaster } from "./contract";
import { cooked, LineDiscipline } from "./line-discipline";
import { OpenFile } from "./open-file";
import type { PidId } from "./pid-namespace";
import type { Proc } from "./process";

/** What a terminal asks of the process table. */
export interface JobControl {
  signalGroup(group: PidId, signal: SignalName): void;
  isOrphaned(group: PidId): boolean;
  findGroup(pid: number, by: Proc): PidId | undefined;
}

export class Pty implements PtyMaster {
  readonly number: number;
  readonly #jobs: JobControl;
  readonly #madeAt: Instant;
  readonly #discipline = new LineDiscipline();
  readonly #onClose: () => void;
  #columns: number;
  #rows: number;
  #output = "";
  #lastOutput = "";
  #isStopped = false;
  /** What can be read: lines in canonical mode, whatever came in raw mode. `""` is one end of input. */
  #input: string[] = [];
  #isHungUp = false;
  #wasOpened = false;
  #slaves = 0;
  /** Woken when the master has something to show. */
  readonly readable = new WaitQueue();
  /** Woken when the slave has something to read. */
  readonly inputReady = new WaitQueue();
  session: PidId | undefined;
  foreground: PidId | undefined;
  /** Who made it raw; when that ends it is put back. */
  rawBy: Proc | undefined;

  constructor(environment: {
    readonly number: number;
    readonly columns: number;
    readonly rows: number;
    readonly now: Instant;
    readonly jobs: JobControl;
    onClose(): void;
  }) {
    this.number = environment.number;
    this.#columns = environment.columns;
    this.#rows = environment.rows;
    this.#madeAt = environment.now;
    this.#jobs = environment.jobs;
    this.#onClose = environment.onClose;
  }

  // --- the master's side ----------------------------------------------------------------------------------------------

  input(text: string): void {
    if (this.#isHungUp) return;
    for (const effect of this.#discipline.input(text)) {
      switch (effect.kind) {
        case "echo":
          this.print(effect.text);
          break;
        case "ready":
          this.#input.push(effect.text);
          this.inputReady.wake();
          break;
        case "signal":
          this.#input = [];
          if (this.foreground) this.#jobs.signalGroup(this.foreground, effect.signal);
          break;
        case "flow":
          this.#isStopped = effect.stopped;
          if (!effect.stopped) this.readable.wake();
          break;
      }
    }
  }

  *read(): Routine<string | undefined> {
    for (;;) {
      const text = this.take();
      if (text !== "") return text;
      if (this.hasEnded) return undefined;
      const wake = yield { on: [this.readable] };
      if (wake.kind === "signal") return undefined;
    }
  }

  take(): string {
    if (this.#isStopped) return "";
    const text = this.#output;
    this.#output = "";
    return text;
  }

  get pending(): number {
    return this.#isStopped ? 0 : this.#output.length;
  }

  resize(columns: number, rows: number): void {
    if (columns === this.#columns && rows === this.#rows) return;
    this.#columns = columns;
    this.#rows = rows;
    if (this.foreground) this.#jobs.signalGroup(this.foreground, "WINCH");
  }

  hangup(): void {
    if (this.#isHungUp) return;
    this.#isHungUp = true;
    this.#isStopped = false;
    this.inputReady.wake();
    this.readable.wake();
    const { session, foreground } = this;
    if (session) {
      this.#jobs.signalGroup(session, "HUP");
      this.#jobs.signalGroup(session, "CONT");
    }
    if (foreground && foreground !== session) this.#jobs.signalGroup(foreground, "HUP");
  }

  get hasEnded(): boolean {
    return this.#isHungUp || (this.#wasOpened && this.#slaves === 0 && this.#output === "");
  }

  get isRaw(): boolean {
    return this.#discipline.isRaw;
  }

  // --- the slave's side -----------------------------------------------------------------------------------------------

  open(): PtySlave {
    this.#wasOpened = true;
    this.#slaves++;
    return new PtySlave(this);
  }

  closed(): void {
    this.#slaves--;
    if (this.#slaves > 0) return;
    this.readable.wake();
    this.#onClose();
  }

  get isHungUp(): boolean {
    return this.#isHungUp;
  }

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  setRaw(raw: boolean, by: Proc | undefined): void {
    this.rawBy = raw ? by : undefined;
    if (raw === this.#discipline.isRaw) return;
    this.#discipline.isRaw = raw;
    if (!raw) return;
    // What was typed ahead is there to be read at once; an end of input that nobody read is gone.
    const typed = this.#input.join("") + this.#discipline.takeLine();
    this.#input = typed === "" ? [] : [typed];
  }

  print(text: string): void {
    if (this.#isHungUp || text === "") return;
    this.#output += cooked(text, this.#discipline.isRaw, this.#lastOutput);
    this.#lastOutput = text.slice(-1);
    this.readable.wake();
  }

  get hasInput(): boolean {
    return this.#input.length > 0 || this.#isHungUp;
  }

  /** The next line or part of one. A line that is longer than `max` is read in parts. */
  takeInput(max: number): string {
    const next = this.#input.shift();
    if (next === undefined) return "";
    const end = cutAt(next, max);
    if (end < next.length) this.#input.unshift(next.slice(end));
    return next.slice(0, end);
  }

  /** Whether `by` is in the background of this, its controlling terminal. */
  isBackground(by: Proc): boolean {
    return by.terminal === this && this.foreground !== undefined && by.group !== this.foreground;
  }

  get jobs(): JobControl {
    return this.#jobs;
  }

  stat(): FileStat {
    return {
      kind: "character-device",
      mode: 0o620,
      size: 0,
      links: 1,
      uid: 0,
      gid: 5,
      modifiedAt: this.#madeAt,
      inode: this.number + 3,
      device: [136, this.number],
    };
  }
}

/** /dev/pts/N as a process has it open. */
export class PtySlave extends OpenFile {
  readonly pty: Pty;
  override readonly readable: WaitQueue;

  constructor(pty: Pty) {
    super();
    this.pty = pty;
    this.readable = pty.inputReady;
  }

  override get target(): string {
    return `/dev/pts/${this.pty.number}`;
  }

  override stat(): FileStat {
    return this.pty.stat();
  }

  override get isReadable(): boolean {
    return this.pty.hasInput;
  }

  override *read(max: number, by: Proc): Routine<Result<string, Errno>> {
    for (;;) {
      if (this.pty.isBackground(by)) {
        if (by.signals.disposition("TTIN") === "ignored" || this.pty.jobs.isOrphaned(by.group)) return fail("EIO");
        this.pty.jobs.signalGroup(by.group, "TTIN");
        const wake = yield { on: [], until: by.now };
        if (wake.kind === "signal") return fail("EINTR");
        continue;
      }
      if (this.pty.hasInput) return ok(this.pty.takeInput(max));
      const wake = yield { on: [this.pty.inputReady] };
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  // biome-ignore lint/correctness/useYield: a terminal takes everything at once
  override *write(text: string): Routine<Result<void, Errno>> {
    if (this.pty.isHungUp) return fail("EIO");
    this.pty.print(text);
    return DONE;
  }

  override tty(by: Proc): Tty {
    const { pty } = this;
    return {
      name: `pts/${pty.number}`,
      get columns() {
        return pty.columns;
      },
      get rows() {
        return pty.rows;
      },
      get isRaw() {
        return pty.isRaw;
      },
      setRaw(raw: boolean) {
        pty.setRaw(raw, by);
      },
      get foreground(): Pid {
        return pty.foreground?.in(by.namespaces.pid) ?? 0;
      },
      set foreground(group: Pid) {
        const id = pty.jobs.findGroup(group, by);
        if (id) pty.foreground = id;
      },
    };
  }

  override reopen(): OpenFile {
    return this.pty.open();
  }

  protected override close(): void {
    this.pty.closed();
  }
}

/**
 * The two-way stream of `docker run`, `exec`, `attach` and `start -a`: what is typed goes to the container, what it prints comes
 * back; Ctrl-P Ctrl-Q leaves it running.
 *
 * Follows docker/cli cli/command/container/hijack.go, moby/term's escape proxy, and signals.go for what is done with signals.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { SignalName } from "@/lib/sim/core/signal";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../cli";
import type { UpgradeBody } from "../client";
import type { Failure } from "../cobra/command";
import { sideBySide } from "../concurrent";

export type StreamOptions = {
  /** Whether what is typed goes to the other side. */
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** The other side has a terminal: all output is stdout, and the own terminal is put in raw mode. */
  readonly tty: boolean;
  readonly detachKeys: string;
  readonly onSignal: (signal: SignalName) => Routine<void>;
  /** What INT and TERM do besides: end the stream, or nothing until there have been three. */
  readonly onTermination: "ends" | "counts";
  /** What must be done, too, before the stream counts as ended (to wait for the container's end). */
  readonly beside?: Routine<void>;
  /** When to stop although output could still come. */
  readonly isOver?: () => boolean;
};

export type StreamEnd = "ended" | "detached" | "interrupted" | "forced";

/** What the command says when it gave up on a container that ignores signals. */
export const FORCED: Failure = { status: 1, message: "\ngot 3 SIGTERM/SIGINTs, forcefully exiting" };

/** Signals that are passed on to a container, in Go's `signal.Notify` of all. */
export const PROXIED: readonly SignalName[] = ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2", "ALRM", "CONT", "TSTP", "WINCH"];

/** Copies both ways until the other side's output ends, the detach keys are typed or a signal ends it. */
export function* stream(cli: Cli, body: UpgradeBody, options: StreamOptions): Routine<StreamEnd> {
  const { sys } = cli;
  const terminal = options.stdin && options.tty && !sys.env.get("NORAW") ? cli.terminal("stdin") : undefined;
  let end: StreamEnd | undefined;
  terminal?.setRaw(true);

  const output = function* (): Routine<void> {
    for (;;) {
      const chunk = yield* body.read();
      if (chunk === undefined) break;
      if (options.tty || chunk.stream === "stdout") yield* cli.out(chunk.text);
      else yield* cli.err(chunk.text);
    }
    terminal?.setRaw(false);
    end ??= "ended";
  };
  const input = function* (): Routine<void> {
    if (options.stdin) {
      const keys = new EscapeKeys(options.tty ? escapeKeys(options.detachKeys) : []);
      for (;;) {
        const chunk = yield* sys.read(0);
        if (!chunk.ok) {
          if (chunk.error === "EINTR") continue;
          break;
        }
        if (chunk.value === "") break;
        if (end !== undefined) return;
        const typed = keys.take(chunk.value);
        if (typed.text !== "") body.write(typed.text);
        if (typed.isEscape) {
          end ??= "detached";
          return;
        }
      }
    }
    body.closeWrite();
    if (!options.stdout && !options.stderr) end ??= "ended";
  };
  let isWaiting = options.beside !== undefined;
  const beside = function* (): Routine<void> {
    if (options.beside) yield* options.beside;
    isWaiting = false;
  };
  let terminations = 0;
  const onSignal = function* (signal: SignalName): Routine<void> {
    const isTermination = signal === "INT" || signal === "TERM";
    if (isTermination) terminations++;
    if (options.onTermination === "counts" && terminations === 3) {
      end = "forced";
      return;
    }
    yield* options.onSignal(signal);
    if (isTermination && options.onTermination === "ends") end = "interrupted";
  };

  const both = options.stdout || options.stderr ? [output(), input()] : [input()];
  try {
    yield* sideBySide(sys, [...both, beside()], {
      isOver: () => (end === "ended" ? !isWaiting : end !== undefined) || (options.isOver?.() ?? false),
      onSignal,
    });
  } finally {
    terminal?.setRaw(false);
    if (end !== "ended") body.cancel();
  }
  return end ?? "ended";
}

/** The characters of a key sequence such as `ctrl-p,ctrl-q` or `ctrl-x,x`; the default when it is empty or wrong. */
export function escapeKeys(text: string): readonly string[] {
  const parsed = text === "" ? fail("") : parseKeys(text);
  return parsed.ok ? parsed.value : ["\u0010", "\u0011"];
}

function parseKeys(text: string): Result<readonly string[], string> {
  const keys: string[] = [];
  for (const key of text.split(",")) {
    const control = /^ctrl-([a-z@[\\\]^_])$/.exec(key.toLowerCase())?.[1];
    if (control !== undefined) keys.push(String.fromCharCode(control.toUpperCase().charCodeAt(0) & 0x1f));
    else if ([...key].length === 1) keys.push(key);
    else return fail(`Unknown character: '${key}'`);
  }
  return ok(keys);
}

/** Holds back what may be the beginning of the key sequence, until it is clear. */
export class EscapeKeys {
  readonly #keys: readonly string[];
  #matched = 0;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  take(text: string): { readonly text: string; readonly isEscape: boolean } {
    let passed = "";
    for (const character of text) {
      if (this.#keys.length > 0 && character === this.#keys[this.#matched]) {
        if (++this.#matched === this.#keys.length) return { text: passed, isEscape: true };
        continue;
      }
      // The character that breaks a sequence does not begin a new one: Ctrl-P Ctrl-P Ctrl-Q does not detach.
      passed += this.#keys.slice(0, this.#matched).join("") + character;
      this.#matched = 0;
    }
    return { text: passed, isEscape: false };
  }
}

/** Passes signals on to a container's process, and the new size of the own terminal to its terminal. */
export function forwarder(
  cli: Cli,
  container: string,
  options: { readonly proxies: boolean; readonly resizes: boolean },
): (signal: SignalName) => Routine<void> {
  return function* (signal) {
    if (signal === "WINCH" && options.resizes) yield* resize(cli, { kind: "container", id: container });
    if (options.proxies) yield* cli.client.send("ContainerKill", { object: container, query: { signal } });
  };
}

export type ResizeTarget = { readonly kind: "container" | "exec"; readonly id: string };

/** Gives the other side's terminal the size of stdout's, or that with `extra` rows and columns. What fails goes unsaid. */
export function* resize(cli: Cli, target: ResizeTarget, extra = 0): Routine<void> {
  const terminal = cli.terminal("stdout");
  if (!terminal || (terminal.rows === 0 && terminal.columns === 0)) return;
  const query = { h: String(terminal.rows + extra), w: String(terminal.columns + extra) };
  yield* cli.client.send(target.kind === "exec" ? "ExecResize" : "ContainerResize", { object: target.id, query });
}

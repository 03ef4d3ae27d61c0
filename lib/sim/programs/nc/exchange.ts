/** Both ways at once between a connection and two descriptors, as every nc does with select(2) or poll(2). */

import type { Fd } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { after, type Duration, type Instant } from "@/lib/sim/core/time";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";

export type ExchangeOptions = {
  /** Undefined: nothing is read (`-d`). */
  readonly input: Fd | undefined;
  readonly output: Fd;
  /** When the input has ended: send a FIN, or keep the connection as it is. */
  readonly onInputEnd: "shutdown" | "keep";
  /** When the other side has ended: end too, or go on until the input ends. */
  readonly onRemoteEnd: "end" | "await-input";
  /** Ends after so long without anything from either side. */
  readonly idle?: Duration;
  /** Ends so long after the input's end. */
  readonly lingerAfterInput?: Duration;
};

/** `reset`: the connection was broken off. */
export type ExchangeEnd = "remote-closed" | "idle" | "lingered" | "interrupted" | "reset" | "output-closed";

export function* exchange(sys: NetSys, connection: TcpConnection, options: ExchangeOptions): Routine<ExchangeEnd> {
  let { input } = options;
  let lingerUntil: Instant | undefined;
  let idleUntil = options.idle === undefined ? undefined : after(sys.now, options.idle);
  const endOfInput = (): void => {
    input = undefined;
    if (options.onInputEnd === "shutdown") connection.shutdownWrite();
    if (options.lingerAfterInput !== undefined) lingerUntil = after(sys.now, options.lingerAfterInput);
  };
  if (input === undefined && options.onInputEnd === "shutdown") connection.shutdownWrite();
  let isRemoteOpen = true;
  for (;;) {
    let moved = false;
    if (input !== undefined && sys.isReadable(input)) {
      moved = true;
      const text = yield* sys.read(input);
      if (!text.ok || text.value === "") endOfInput();
      else if (!(yield* connection.write(text.value)).ok) return "reset";
    }
    if (isRemoteOpen && connection.hasData) {
      moved = true;
      const text = yield* connection.read(sys.now);
      if (!text.ok) return text.error === "EINTR" ? "interrupted" : "reset";
      if (text.value === "") {
        if (options.onRemoteEnd === "end") return "remote-closed";
        isRemoteOpen = false;
      } else if (!(yield* sys.write(options.output, text.value)).ok) return "output-closed";
    }
    if (!isRemoteOpen && input === undefined) return "remote-closed";
    if (moved) {
      if (options.idle !== undefined) idleUntil = after(sys.now, options.idle);
      continue;
    }
    const until = earliest(lingerUntil, idleUntil);
    const on = [...(isRemoteOpen ? [connection.readable] : []), ...(input === undefined ? [] : sys.readable(input).on)];
    const wake = yield* sys.wait(until === undefined ? { on } : { on, until });
    if (wake.kind === "signal") return "interrupted";
    if (wake.kind === "timeout") return lingerUntil !== undefined && until === lingerUntil ? "lingered" : "idle";
  }
}

function earliest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

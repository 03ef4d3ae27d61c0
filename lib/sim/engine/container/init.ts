/**
 * docker-init (tini), the first process of a container with `--init`: starts the command, hands signals on to it, and
 * collects the processes that nobody else waits for. Its exit status is the command's.
 */

import type { SignalName } from "@/lib/sim/core/signal";
import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import { complain } from "@/lib/sim/core/stdio";
import type { NetProgram } from "@/lib/sim/kernel";

const FORWARDED = ["HUP", "INT", "QUIT", "USR1", "USR2", "TERM", "CONT", "WINCH"] as const satisfies readonly SignalName[];

export function dockerInit(path: string, argv: readonly string[]): NetProgram {
  return function* (sys) {
    sys.catchSignals(...FORWARDED);
    const child = sys.spawn({ image: { path }, argv, group: "own", foreground: sys.tty(0) !== undefined });
    if (!child.ok) {
      yield* complain(sys, `[FATAL tini (${sys.pid})] exec ${argv[0] ?? ""} failed: ${child.error}\n`);
      return 127;
    }
    for (;;) {
      const ended = yield* sys.waitpid("any");
      const signal = sys.takeSignal();
      if (signal !== undefined) sys.kill(child.value, signal);
      if (!ended.ok) {
        if (ended.error === "ECHILD") return 0;
        continue;
      }
      if (ended.value?.pid !== child.value) continue;
      if (ended.value.kind === "exited") return ended.value.status;
      return 128 + SIGNAL_NUMBERS[ended.value.signal];
    }
  };
}

/** Small real programs for containers: what they do is all that a test needs of an image. */

import { seconds } from "@/lib/sim/core/time";
import type { NetProgram, Registry } from "@/lib/sim/kernel";

const print = (text: string): NetProgram =>
  function* (sys) {
    yield* sys.write(1, text);
    return 0;
  };

const PROGRAMS: Readonly<Record<string, NetProgram>> = {
  *sleep(sys) {
    yield* sys.sleep(seconds(Number(sys.argv[1] ?? "0")));
    return 0;
  },
  /** Ends at once when it is asked to, unlike a first process without a handler. */
  *polite(sys) {
    sys.catchSignals("TERM", "QUIT", "INT", "HUP");
    yield* sys.write(1, "ready\n");
    const wake = yield* sys.sleep(seconds(100_000));
    yield* sys.write(1, `got ${wake.kind === "signal" ? wake.signal : wake.kind}\n`);
    return Number(sys.argv[1] ?? "0");
  },
  *echo(sys) {
    yield* sys.write(1, `${sys.argv.slice(1).join(" ")}\n`);
    return 0;
  },
  *complain(sys) {
    yield* sys.write(1, "before\n");
    yield* sys.write(2, `${sys.argv.slice(1).join(" ")}\n`);
    yield* sys.write(1, "after\n");
    return 3;
  },
  *exit(sys) {
    return Number(sys.argv[1] ?? "0");
  },
  *env(sys) {
    yield* sys.write(1, [...sys.env].map(([name, value]) => `${name}=${value}\n`).join(""));
    return 0;
  },
  *cat(sys) {
    const path = sys.argv[1];
    if (path !== undefined) {
      const text = sys.readFile(path);
      if (!text.ok) {
        yield* sys.write(2, `cat: ${path}: ${text.error}\n`);
        return 1;
      }
      yield* sys.write(1, text.value);
      return 0;
    }
    for (;;) {
      const text = yield* sys.read(0);
      if (!text.ok || text.value === "") return 0;
      yield* sys.write(1, text.value);
    }
  },
  *write(sys) {
    const [, path = "", text = ""] = sys.argv;
    const written = sys.writeFile(path, `${text}\n`);
    if (!written.ok) yield* sys.write(2, `write: ${path}: ${written.error}\n`);
    return written.ok ? 0 : 1;
  },
  /** Who it is and where. */
  *whoami(sys) {
    yield* sys.write(1, `pid=${sys.pid} user=${sys.user.name} cwd=${sys.cwd} host=${sys.hostname} net=${sys.netns.id}\n`);
    return 0;
  },
  /** An entry point: runs what follows. */
  *run(sys) {
    const [, name = "", ...args] = sys.argv;
    const image = sys.exec({ path: `/bin/${name}`, argv: [name, ...args] });
    return image.ok ? yield* image.value : 127;
  },
  *sh() {
    return 0;
  },
  *nginx(sys) {
    sys.catchSignals("TERM", "QUIT");
    yield* sys.sleep(seconds(100_000));
    return 0;
  },
  *"docker-entrypoint.sh"(sys) {
    const [, name = "", ...args] = sys.argv;
    const image = sys.exec({ path: `/bin/${name}`, argv: [name, ...args] });
    return image.ok ? yield* image.value : 127;
  },
  *ps(sys) {
    const rows = sys.processes().map(({ pid, ppid, user, argv }) => `${user} ${pid} ${ppid} 0 09:00 ? 00:00:00 ${argv.join(" ")}\n`);
    return yield* print(`UID PID PPID C STIME TTY TIME CMD\n${rows.join("")}`)(sys);
  },
};

export const testPrograms: Registry = new Map(Object.entries(PROGRAMS).map(([name, program]) => [`test/${name}`, program]));

/** `tee`: to stdout and to files. */

import type { Errno } from "@/lib/sim/core/errno";
import type { Fd, Program } from "@/lib/sim/core/sys";
import { command, type Flavour } from "../command/command";
import { Input } from "../command/input";
import { quoteIfNeeded } from "../command/quote";

export function tee(flavour: Flavour): Program {
  return command(
    {
      name: "tee",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-ai] [FILE]..." },
      options: { gnu: { short: "aip", long: { append: "a", "ignore-interrupts": "i", "output-error": "p::" } }, busybox: { short: "ai" } },
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      if (args.has("i")) sys.ignoreSignals("INT");
      let status = 0;
      const targets: { readonly fd: Fd; readonly path: string; failed: Errno | undefined }[] = [
        { fd: 1, path: "standard output", failed: undefined },
      ];
      for (const path of args.operands) {
        const fd = sys.open(path, { write: true, create: true, append: args.has("a"), truncate: !args.has("a") });
        if (fd.ok) targets.push({ fd: fd.value, path, failed: undefined });
        else {
          yield* context.complain(
            flavour === "gnu" ? `${quoteIfNeeded(path)}: ${context.words(fd.error)}` : `${path}: ${context.words(fd.error)}`,
          );
          status = 1;
        }
      }
      const input = new Input(sys, 0);
      for (let chunk = yield* input.chunk(); chunk !== ""; chunk = yield* input.chunk()) {
        for (const target of targets) {
          if (target.failed) continue;
          const written = yield* sys.write(target.fd, chunk);
          if (written.ok) continue;
          target.failed = written.error;
          yield* context.complain(
            `${flavour === "gnu" && target.fd === 1 ? "'standard output'" : target.path}: ${context.words(written.error)}`,
          );
          status = 1;
        }
      }
      return status;
    },
  );
}

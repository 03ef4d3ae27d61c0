/** `vi`, `vim`, `nano`: real, not simulated. The application has an editor of its own, and the shell has `cat > file`. */

import { complain } from "@/lib/sim/core/stdio";
import type { NetProgram } from "@/lib/sim/kernel";

function editor(name: string): NetProgram {
  return function* (sys) {
    const file = sys.argv.slice(1).find((arg) => !arg.startsWith("-") && !arg.startsWith("+"));
    yield* complain(
      sys,
      `drydock: ${name} is real, but not simulated here. Open ${file ?? "the file"} in the editor panel, or write it with cat > ${file ?? "FILE"} and Ctrl-D.\n`,
    );
    return 1;
  };
}

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["vim/vi", editor("vi")],
  ["nano/nano", editor("nano")],
  ["busybox/vi", editor("vi")],
  ["busybox/ed", editor("ed")],
]);

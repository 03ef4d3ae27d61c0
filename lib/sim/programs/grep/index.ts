/** GNU grep, and busybox's. */

import type { NetProgram } from "@/lib/sim/kernel";
import { grep } from "./grep";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>(
  (["grep", "egrep", "fgrep"] as const).flatMap((name) => [
    [`grep/${name}`, grep("gnu", name)] as const,
    [`busybox/${name}`, grep("busybox", name)] as const,
  ]),
);

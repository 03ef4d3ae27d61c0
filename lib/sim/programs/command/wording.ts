/** Sentences that several programs share. */

import { type Errno, strerror } from "@/lib/sim/core/errno";
import type { Flavour } from "./command";

/** Of a wrapper whose command cannot be run: util-linux's `failed to execute x`, busybox's `can't execute 'x'`. */
export function cannotRunWords(flavour: Flavour, name: string, errno: Errno): string {
  return flavour === "gnu" ? `failed to execute ${name}: ${strerror(errno)}` : `can't execute '${name}': ${strerror(errno)}`;
}

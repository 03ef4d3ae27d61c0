/** What runs a command that is real and not simulated: it never comes so far, as the framework refuses it by its declaration. */

import { InvariantViolation } from "@/lib/base/invariant";
import type { Handler } from "../cobra/command";

export const NOT_SIMULATED: Handler = function* () {
  throw new InvariantViolation("a command that is not simulated is refused before it runs");
};

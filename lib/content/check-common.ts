/** What the checks of items, labs and lessons share. */

import type { Located } from "./load";

/** Tells a fault: of which thing, at which path in it. */
export type Say = (where: Located<unknown>, path: readonly PropertyKey[], message: string) => void;

/** How much of a packet a line shows, as the options say. */

import type { Names } from "./names";
import type { Conversations } from "./conversations";

export type Style = {
  readonly names: Names;
  /** How many `-v`. */
  readonly verbosity: number;
  readonly isQuick: boolean;
  /** `-e`. */
  readonly showsLink: boolean;
  /** `-S`. */
  readonly absoluteSequences: boolean;
  /** `-K`: checksums are not looked at. */
  readonly ignoresChecksums: boolean;
  readonly conversations: Conversations;
};

/** What a learner may set. */

import { z } from "zod";

export const settingsBodySchema = z
  .strictObject({ reviewsPerDay: z.int().min(1).max(500).optional(), passMark: z.int().min(1).max(100).optional() })
  .transform(({ reviewsPerDay, passMark }) => ({
    ...(reviewsPerDay === undefined ? {} : { reviewsPerDay }),
    ...(passMark === undefined ? {} : { passMark }),
  }));

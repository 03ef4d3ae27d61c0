/** The one database connection of this process. */

import "server-only";
import { type Db, openDb } from "@/lib/db";
import { services } from "@/server/services";

// In development each change of a file loads this module again: the connection outlives it.
const KEY = Symbol.for("drydock.database");
type Holder = typeof globalThis & { [KEY]?: Promise<Db> };

export function database(): Promise<Db> {
  return ((globalThis as Holder)[KEY] ??= openDb(services().env.databaseUrl));
}

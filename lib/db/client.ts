/** Opens the database that a URL names: SQLite in a file, or a PostgreSQL server. */

import type { PrismaClient } from "./generated/sqlite/client.ts";

/** Both clients come from the same models; SQLite's types are the smaller set, so the code knows only those. */
export type Db = PrismaClient;

export async function openDb(url: string): Promise<Db> {
  if (/^postgres(ql)?:/.test(url)) {
    const [{ PrismaClient }, { PrismaPg }] = await Promise.all([import("./generated/postgresql/client.ts"), import("@prisma/adapter-pg")]);
    const schema = new URL(url).searchParams.get("schema");
    const adapter = new PrismaPg({ connectionString: url }, schema === null ? {} : { schema });
    return new PrismaClient({ adapter }) as unknown as Db;
  }
  const [{ PrismaClient }, { PrismaLibSql }] = await Promise.all([
    import("./generated/sqlite/client.ts"),
    import("@prisma/adapter-libsql"),
  ]);
  // Without a timeout, writers that meet fail at once. `synchronous` is FULL, SQLite's default: what is answered is on the disk.
  return new PrismaClient({ adapter: new PrismaLibSql({ url, timeout: 5_000 }) });
}

// The database, without a binary of Prisma's: node scripts/db.mjs generate | new NAME | deploy | check
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { filters, listMigrations, openEngine } from "./schema-engine.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const PROVIDERS = ["sqlite", "postgresql"];
const schemaFile = join(root, "prisma/schema.prisma");
const url = process.env.DATABASE_URL || "file:./data/drydock.db";

const schemaFor = (provider) =>
  readFileSync(schemaFile, "utf8")
    .replace('provider = "sqlite"', `provider = "${provider}"`)
    .replace("generated/sqlite", `generated/${provider}`);
const migrationsOf = (provider) => join(root, "prisma/migrations", provider);

async function adapterFor(at) {
  if (/^postgres(ql)?:/.test(at)) {
    const { PrismaPg } = await import("@prisma/adapter-pg");
    const { default: pg } = await import("pg");
    // Prisma's adapter refuses the catalog's "char" type (18), which `check` reads: call it text (25).
    class Pool extends pg.Pool {
      async query(...args) {
        const result = await super.query(...args);
        for (const field of result.fields ?? []) if (field.dataTypeID === 18) field.dataTypeID = 25;
        return result;
      }
    }
    const schema = new URL(at).searchParams.get("schema") ?? undefined;
    return ["postgresql", new PrismaPg(new Pool({ connectionString: at }), { schema })];
  }
  const { PrismaLibSql } = await import("@prisma/adapter-libsql");
  return ["sqlite", new PrismaLibSql({ url: at, timeout: 5000 })];
}

/** Writes both clients to lib/db/generated. */
function generate() {
  for (const provider of PROVIDERS) {
    const variant = provider === "sqlite" ? schemaFile : join(root, `prisma/.${provider}.prisma`);
    if (provider !== "sqlite") {
      writeFileSync(variant, `// Derived by scripts/db.mjs; not committed.\n${schemaFor(provider)}`);
    }
    const done = spawnSync(
      process.execPath,
      [join(root, "node_modules/prisma/build/index.js"), "generate", "--schema", variant, "--no-hints"],
      {
        cwd: root,
        encoding: "utf8",
        env: {
          ...process.env,
          // `generate` runs no engine binary, but the CLI fetches one unless this names an existing file.
          PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? schemaFile,
          PRISMA_HIDE_UPDATE_MESSAGE: "1",
          CHECKPOINT_DISABLE: "1",
        },
      },
    );
    if (done.status !== 0) {
      process.stderr.write(`${done.stdout}${done.stderr}`);
      process.exit(done.status ?? 1);
    }
  }
}

/** A migration for each provider. The last migrated schema lies beside the migrations, so no database is needed. */
async function create(name) {
  if (!/^[a-z0-9_]+$/.test(name ?? "")) throw new Error("usage: node scripts/db.mjs new NAME (lower case, digits, _)");
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  for (const provider of PROVIDERS) {
    const snapshot = join(migrationsOf(provider), "schema.snapshot");
    const before = existsSync(snapshot) ? readFileSync(snapshot, "utf8") : null;
    const after = schemaFor(provider);
    const sql = await diff(provider, before, after);
    if (sql.includes("This is an empty migration")) {
      console.log(provider, "no change");
      continue;
    }
    const dir = join(migrationsOf(provider), `${stamp}_${name}`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "migration.sql"), sql);
    writeFileSync(join(migrationsOf(provider), "migration_lock.toml"), `provider = "${provider}"\n`);
    writeFileSync(snapshot, after);
    console.log(provider, dir.slice(root.length + 1));
  }
}

async function diff(provider, before, after) {
  const run = await openEngine(noDatabase(provider === "sqlite" ? "sqlite" : "postgres"), after);
  const at = (text) => (text === null ? { tag: "empty" } : { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: text }] });
  return (await run("diff", { from: at(before), to: at(after), script: true, exitCode: null, filters })).stdout;
}

/** A connection that answers nothing: comparing two schema texts asks nothing of it. */
function noDatabase(provider) {
  const connection = {
    provider,
    adapterName: "none",
    queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: async () => 0,
    executeScript: async () => {},
    dispose: async () => {},
    getConnectionInfo: () => ({ supportsRelationJoins: false }),
  };
  const connect = async () => connection;
  return { provider, adapterName: "none", connect, connectToShadowDb: connect };
}

/** Applies what has not been applied yet. */
async function deploy() {
  if (url.startsWith("file:")) mkdirSync(dirname(url.slice("file:".length)), { recursive: true });
  const [provider, factory] = await adapterFor(url);
  if (provider === "sqlite") {
    const connection = await factory.connect(); // once per file: readers no longer wait for writers
    await connection.executeScript("PRAGMA journal_mode=WAL");
    await connection.dispose();
  }
  const run = await openEngine(factory, schemaFor(provider));
  const { appliedMigrationNames } = await run("applyMigrations", {
    migrationsList: listMigrations(migrationsOf(provider)),
    filters,
  });
  if (appliedMigrationNames.length > 0) console.log(`  database: applied ${appliedMigrationNames.join(", ")}`);
}

/** After `deploy`: whether the database has exactly what the models say. */
async function check() {
  const [provider, factory] = await adapterFor(url);
  const text = schemaFor(provider);
  const files = [{ path: "schema.prisma", content: text }];
  const run = await openEngine(factory, text);
  const { stdout, exitCode } = await run("diff", {
    from: { tag: "schemaDatasource", files, configDir: root },
    to: { tag: "schemaDatamodel", files },
    script: false,
    exitCode: true,
    filters,
  });
  console.log(provider, exitCode ? stdout : "matches the models");
  process.exitCode = exitCode;
}

const commands = { generate, new: create, deploy, check };
const [command, name] = process.argv.slice(2);
if (!Object.hasOwn(commands, command ?? "")) {
  console.error("usage: node scripts/db.mjs generate | new NAME | deploy | check");
  process.exit(2);
}
await commands[command](name);
process.exit(); // the engine keeps its database open for as long as the process lives

// Prisma's schema engine, the WebAssembly build from npm: nothing is downloaded.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as wasm from "@prisma/schema-engine-wasm/schema_engine_bg";

export const filters = { externalTables: [], externalEnums: [] };
let loaded;

async function load() {
  const require = createRequire(import.meta.url);
  const dir = dirname(require.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const { instance } = await WebAssembly.instantiate(readFileSync(join(dir, "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": wasm,
  });
  wasm.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/** Opens the engine on a driver adapter; `run(name, input)` calls one of its commands. */
export async function openEngine(factory, schemaText) {
  await (loaded ??= load());
  const bound = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await wasm.SchemaEngine.new({ datamodels: [["schema.prisma", schemaText]] }, () => {}, bound);
  return async (command, input) => {
    try {
      return await engine[command](input);
    } catch (error) {
      const id = /External error id#(\d+)/.exec(error.message)?.[1];
      throw (id !== undefined && bound.errorRegistry.consumeError(Number(id))?.error) || error;
    }
  };
}

/** The migrations folder in the form that the engine takes. */
export function listMigrations(baseDir) {
  const lock = join(baseDir, "migration_lock.toml");
  const names = existsSync(baseDir)
    ? readdirSync(baseDir, { withFileTypes: true })
        .filter((d) => d.isDirectory())
        .map((d) => d.name)
        .sort()
    : [];
  return {
    baseDir,
    shadowDbInitScript: "",
    lockfile: { path: "migration_lock.toml", content: existsSync(lock) ? readFileSync(lock, "utf8") : null },
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(join(baseDir, path, "migration.sql"), "utf8") },
      },
    })),
  };
}

/** The environment, parsed once. What is not set has a default that works on a fresh machine. */

import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const SECRET_FILE = "data/session-secret";

const schema = z.object({
  NODE_ENV: z.enum(["production", "development", "test"]).default("development"),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  /** All addresses unless one is named. */
  HOST: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:)/, "begins with file: or postgresql:")
    .default("file:./data/drydock.db"),
  /** Signs the learner's cookie. Made on the first start and kept in data/ unless given. */
  SESSION_SECRET: z.string().min(32, "has at least 32 characters").optional(),
});

export type Env = {
  readonly isDevelopment: boolean;
  readonly port: number;
  readonly host: string | undefined;
  readonly databaseUrl: string;
  readonly sessionSecret: string;
};

/** Ends the process with a sentence for each variable that cannot be used. */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) console.error(`${issue.path.join(".")}: ${issue.message}`);
    process.exit(2);
  }
  const { NODE_ENV, PORT, HOST, DATABASE_URL, SESSION_SECRET } = parsed.data;
  return {
    isDevelopment: NODE_ENV !== "production",
    port: PORT,
    host: HOST,
    databaseUrl: DATABASE_URL,
    sessionSecret: SESSION_SECRET ?? keptSecret(SECRET_FILE),
  };
}

function keptSecret(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      // `wx`: of two servers that start at once, one writes and both read the same.
      writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
  chmodSync(file, 0o600);
  return readFileSync(file, "utf8").trim();
}

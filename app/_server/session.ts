/** Who is asking: a guest whose id stands in a signed cookie. */

import "server-only";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { cookies } from "next/headers";
import { createLearner, learnerExists } from "@/lib/db";
import { services } from "@/server/services";
import { database } from "./database";

const COOKIE = "drydock-learner";
const YEAR = 365 * 24 * 3600;

/** The learner's id, when there is a cookie that this server signed. Pages ask this; only requests that write make a learner. */
export async function findLearner(): Promise<string | undefined> {
  return verify((await cookies()).get(COOKIE)?.value);
}

/** The learner's id; of a first visit a new one, with its cookie. In route handlers only. */
export async function ensureLearner(): Promise<string> {
  const db = await database();
  const known = await findLearner();
  if (known && (await learnerExists(db, known))) return known;
  const id = randomBytes(16).toString("base64url");
  await createLearner(db, id);
  (await cookies()).set(COOKIE, `${id}.${signatureOf(id)}`, { httpOnly: true, sameSite: "lax", path: "/", maxAge: YEAR });
  return id;
}

function verify(value: string | undefined): string | undefined {
  const [id, signature, ...rest] = value?.split(".") ?? [];
  if (!id || !signature || rest.length > 0) return undefined;
  const [given, expected] = [Buffer.from(signature), Buffer.from(signatureOf(id))];
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : undefined;
}

function signatureOf(id: string): string {
  return createHmac("sha256", services().env.sessionSecret).update(`learner:${id}`).digest("base64url");
}

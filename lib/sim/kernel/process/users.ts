/** Users and groups by name or number, as runc reads an image's `USER` with the container's own files: passwd(5), group(5). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { UserIds } from "@/lib/sim/core/sys";

export const ROOT: UserIds = { name: "root", uid: 0, gid: 0 };

/** `spec` is `USER`, `UID`, `USER:GROUP`, … . Fails with the name that is not known. */
export function userOf(spec: string | undefined, passwd: string, group: string): Result<UserIds, { readonly unknown: string }> {
  if (spec === undefined || spec === "") return ok(ROOT);
  const [userText = "", groupText] = spec.split(":");
  const accounts = passwd.split("\n").map((line) => line.split(":"));
  const isNumber = /^\d+$/.test(userText);
  const account =
    accounts.find((fields) => fields[0] === userText) ?? (isNumber ? accounts.find((fields) => fields[2] === userText) : undefined);
  if (!account && !isNumber) return fail({ unknown: userText });
  const uid = account ? Number(account[2]) : Number(userText);
  let gid = account ? Number(account[3]) : 0;
  if (groupText) {
    const entry = group
      .split("\n")
      .map((line) => line.split(":"))
      .find((fields) => fields[0] === groupText || fields[2] === groupText);
    if (!entry && !/^\d+$/.test(groupText)) return fail({ unknown: groupText });
    gid = entry ? Number(entry[2]) : Number(groupText);
  }
  return ok({ name: account?.[0] ?? String(uid), uid, gid });
}

/** Whose process it is: a user of the container's own /etc/passwd, with the words of moby's `getUser` when there is none. */

import type { FileSystem } from "@/lib/sim/kernel";

export type UserLookup = { readonly ok: true; readonly home: string } | { readonly ok: false; readonly message: string };

/** `USER[:GROUP]`, by name or number. */
export function lookUpUser(root: FileSystem, spec: string): UserLookup {
  const [user = "", group] = spec.split(":");
  const accounts = linesOf(root, "/etc/passwd");
  const account =
    user === "" ? accounts.find((fields) => fields[2] === "0") : accounts.find((fields) => fields[0] === user || fields[2] === user);
  if (!account && user !== "" && !/^\d+$/.test(user))
    return { ok: false, message: `unable to find user ${user}: no matching entries in passwd file` };
  if (group && !/^\d+$/.test(group) && !linesOf(root, "/etc/group").some((fields) => fields[0] === group)) {
    return { ok: false, message: `unable to find group ${group}: no matching entries in group file` };
  }
  return { ok: true, home: account?.[5] || (user === "" || user === "0" || user === "root" ? "/root" : "/") };
}

function linesOf(root: FileSystem, path: string): readonly (readonly string[])[] {
  const text = root.readFile(path);
  return text.ok ? text.value.split("\n").map((line) => line.split(":")) : [];
}

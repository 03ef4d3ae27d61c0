import { readFileSync } from "node:fs";
import { test } from "vitest";
import { programs } from "@/lib/sim/programs/iproute2";
import { Machine } from "./machine";
test("try", () => {
  const m = new Machine(programs);
  let out = "";
  for (const line of readFileSync("/tmp/nf/try", "utf8").split("\n").filter(Boolean)) {
    let r; try { r = m.run(line); } catch (e) { out += `$ ${line}\nTHROW ${(e as Error).stack}\n`; continue; }
    const show = (t: string, k: string) => t.split("\n").slice(0, -1).map((l) => `${k}${l}\n`).join("") + (t !== "" && !t.endsWith("\n") ? "\\ no newline\n" : "");
    out += `$ ${line}\n${show(r.stdout, "  ")}${show(r.stderr, "! ")}${r.status ? `? ${r.status}\n` : ""}`;
  }
  console.log(out);
});

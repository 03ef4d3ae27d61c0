/**
 * The house's own rules: who may import whom, through which doors, and what the pure folders may not name.
 * The table stands in ARCHITECTURE.md; this test reads the imports themselves.
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Room → rooms that it may import. A room is the longest of these prefixes that fits. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "lib/base": [],
  "lib/sim/core": ["lib/base"],
  "lib/sim/net": ["lib/base", "lib/sim/core"],
  "lib/sim/kernel": ["lib/base", "lib/sim/core", "lib/sim/net"],
  "lib/sim/cnm": ["lib/base", "lib/sim/core", "lib/sim/net", "lib/sim/kernel"],
  "lib/sim/api": ["lib/base", "lib/sim/core"],
  "lib/sim/engine": ["lib/base", "lib/sim/core", "lib/sim/net", "lib/sim/kernel", "lib/sim/cnm", "lib/sim/api"],
  "lib/sim/shell": ["lib/base", "lib/sim/core"],
  "lib/sim/programs": ["lib/base", "lib/sim/core", "lib/sim/net", "lib/sim/kernel", "lib/sim/shell"],
  "lib/sim/programs/docker": ["lib/base", "lib/sim/core", "lib/sim/shell", "lib/sim/api"],
  "lib/sim/programs/compose": ["lib/base", "lib/sim/core", "lib/sim/shell", "lib/sim/api", "lib/sim/programs/docker"],
  "lib/sim/world": ["lib/base", "lib/sim"],
  "lib/sim": ["lib/base", "lib/sim"],
  "lib/study": ["lib/base"],
  "lib/content": ["lib/base", "lib/study", "lib/sim"],
  "lib/practice": ["lib/base", "lib/content", "lib/sim"],
  "lib/db": ["lib/base", "lib/study"],
  "lib/progress": ["lib/base", "lib/study", "lib/content", "lib/db", "lib/practice", "lib/sim"],
};
const ROOMS = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);

/** Where all packages of programs meet: it may name every one of them. */
const REGISTRIES = new Set(["lib/sim/programs/index.ts"]);

/** Folders with a door: others import `index` (or the folder), nothing behind it. `contract` files are part of a door. */
const DOORS = ["lib/sim/kernel"];
/** For the application there is one door to the simulator. */
const APPLICATION = ["app", "server", "lib/content", "lib/practice", "lib/db", "lib/progress"];

const sources = ["lib", "app", "server"].flatMap((folder) => walk(join(ROOT, folder))).map((path) => relative(ROOT, path));

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === "generated") return [];
    if (statSync(path).isDirectory()) return walk(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

type Import = { readonly from: string; readonly to: string; readonly isType: boolean };

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/^\s*(?:import|export)\s+(type\s+)?[^;"']*?from\s+["']([^"']+)["']/gm)].map((match) => {
    const target = match[2] ?? "";
    const to = target.startsWith("@/") ? target.slice(2) : target.startsWith(".") ? normalize(join(dirname(file), target)) : target;
    return { from: file, to, isType: match[1] !== undefined };
  });
}

function roomOf(path: string): string | undefined {
  return ROOMS.find((room) => path === room || path.startsWith(`${room}/`));
}

const all = sources.flatMap(importsOf);
const inside = all.filter(({ to }) => /^(lib|app|server)\b/.test(to));

test("imports run along the table of ARCHITECTURE.md", () => {
  const wrong = inside.filter(({ from, to }) => {
    const own = roomOf(from);
    const target = roomOf(to);
    if (!own || !target || own === target) return false;
    if (REGISTRIES.has(from)) return false;
    return !MAY_IMPORT[own]?.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
  });

  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("nobody reaches behind the kernel's door", () => {
  const wrong = inside.filter(({ from, to }) => DOORS.some((door) => to.startsWith(`${door}/`) && !from.startsWith(`${door}/`)));

  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("the application enters the simulator by its one door", () => {
  const wrong = inside.filter(({ from, to }) => APPLICATION.some((folder) => from.startsWith(`${folder}/`)) && to.startsWith("lib/sim/"));

  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("the simulator and the rules of study use no package but the scheduler of reviews", () => {
  const wrong = all.filter(
    ({ from, to }) =>
      /^lib\/(base|sim|study)\//.test(from) && !/^(lib|app|server)\b/.test(to) && !(from.startsWith("lib/study/") && to === "ts-fsrs"),
  );

  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("lib holds no JSX and imports neither React nor Next.js", () => {
  const wrong = all.filter(({ from, to }) => from.startsWith("lib/") && /^(react|next)(\/|$)/.test(to));

  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  expect(sources.filter((path) => path.startsWith("lib/") && path.endsWith(".tsx"))).toEqual([]);
});

test("no drawer is called utils, helpers, common, misc or types", () => {
  expect(sources.filter((path) => /(^|\/)(utils?|helpers?|common|misc|types)(\.tsx?$|\/)/.test(path))).toEqual([]);
});

test("each file of the simulator says at its top what it models", () => {
  const silent = sources.filter(
    (path) => path.startsWith("lib/sim/") && !path.endsWith("/index.ts") && !readFileSync(join(ROOT, path), "utf8").startsWith("/**"),
  );

  expect(silent).toEqual([]);
});

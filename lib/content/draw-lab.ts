/**
 * Draws a lab's variant from a seed: parameters get their values, one branch of `choose` is taken, and every `${name}` is filled in.
 * The same lab and seed give the same variant, wherever it is drawn.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { addressAfter, formatPrefix, overlaps, type Prefix, parsePrefix, Random } from "@/lib/sim";
import { type Body, type DrawnLab, drawnBodySchema, type Lab, type Param, type Scalar } from "./lab-schema";

/** The LAN of every lab, and what the engine and a common VPN may hand out by themselves. */
const TAKEN = ["192.168.56.0/24", "172.16.0.0/12", "192.168.0.0/16"].map((text) => prefixOf(text));

/** A lab that cannot be drawn: a name that stands for nothing, a value that does not fit. */
export class LabPatternFault extends Error {
  readonly path: readonly PropertyKey[];
  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.path = path;
  }
}

/** The filled-in body before the schema has seen it, and where in the file each of its places stands. */
export type FilledLab = {
  readonly variant: string;
  readonly body: Body;
  readonly placeOf: (path: readonly PropertyKey[]) => readonly PropertyKey[];
};

/**
 * The variant of a seed; `variant` forces a branch. A lab that the content check refuses throws `LabPatternFault` or
 * `InvariantViolation`.
 */
export function drawLab(lab: Lab, seed: string, variant?: string): DrawnLab {
  const filled = fillLab(lab, seed, variant);
  const parsed = drawnBodySchema.safeParse(filled.body);
  if (!parsed.success) throw new InvariantViolation(`${lab.id} was not checked: ${parsed.error.message}`);
  const { params: _, choose: __, body: ___, ...facts } = lab;
  return { ...facts, ...parsed.data, variant: filled.variant };
}

/** The names of all variants; of a lab with one form, the empty one. */
export function variantsOf(lab: Lab): readonly string[] {
  return lab.choose.length === 0 ? [""] : lab.choose.map(({ id }) => id);
}

/** Which branch a seed takes. */
export function variantOf(lab: Lab, seed: string): string {
  return streamOf(lab, seed).fork("choose").pick(lab.choose)?.id ?? "";
}

/** Throws `LabPatternFault`. */
export function fillLab(lab: Lab, seed: string, variant = variantOf(lab, seed)): FilledLab {
  const random = streamOf(lab, seed);
  const at = lab.choose.findIndex(({ id }) => id === variant);
  const branch = lab.choose[at];
  const values = new Map<string, Scalar>();
  draw(lab.params, ["params"], values, random);
  if (branch) draw(branch.params, ["choose", at, "params"], values, random);
  const { merged, placeOf } = merge(lab.body, branch?.body ?? {}, at);
  return { variant: branch?.id ?? "", body: fill(merged, values, [], placeOf) as Body, placeOf };
}

function streamOf(lab: Lab, seed: string): Random {
  return new Random(`lab/${lab.id}/${seed}`);
}

function draw(params: Readonly<Record<string, Param>>, place: readonly PropertyKey[], values: Map<string, Scalar>, random: Random): void {
  for (const [name, param] of Object.entries(params)) {
    const path = [...place, name];
    const filled = fill(param, values, path, (same) => same) as Param;
    values.set(name, valueOf(filled, path, values, random.fork(`param/${name}`)));
  }
}

function valueOf(param: Param, path: readonly PropertyKey[], values: ReadonlyMap<string, Scalar>, random: Random): Scalar {
  if (typeof param !== "object") return param;
  if ("pick" in param) return param.pick[random.below(param.pick.length)] ?? "";
  if ("int" in param) return param.int[0] + random.below(param.int[1] - param.int[0] + 1);
  if ("free_subnet" in param) return freeSubnet(param.free_subnet, path, values, random);
  if ("address" in param) {
    const { in: text, number } = param.address;
    const prefix = prefixOf(text, path);
    const last = 2 ** (32 - prefix.length) - 1;
    return addressAfter(prefix.address, number < 0 ? last + number : number);
  }
  const { of, size, number } = param.part;
  return formatPrefix({ address: addressAfter(prefixOf(of, path).address, number * 2 ** (32 - size)), length: size });
}

function freeSubnet(
  { size, within }: { readonly size: number; readonly within: string },
  path: readonly PropertyKey[],
  values: ReadonlyMap<string, Scalar>,
  random: Random,
): string {
  const space = prefixOf(within, path);
  const drawn = [...values.values()].flatMap((value) => (typeof value === "string" ? (parsePrefix(value) ?? []) : []));
  const count = 2 ** (size - space.length);
  const first = random.below(count);
  for (let step = 0; step < count; step++) {
    const address = addressAfter(space.address, ((first + step) % count) * 2 ** (32 - size));
    const candidate = { address, length: size };
    if (![...TAKEN, ...drawn].some((taken) => overlaps(taken, candidate))) return formatPrefix(candidate);
  }
  throw new LabPatternFault(path, `there is no free /${size} in ${within}`);
}

function prefixOf(text: string, path: readonly PropertyKey[] = []): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix) throw new LabPatternFault(path, `${JSON.stringify(text)} is no prefix`);
  return prefix;
}

type Merged = { readonly merged: Body; readonly placeOf: FilledLab["placeOf"] };

/** Adds a branch to the common body: lists grow, hints by task; everything else is the branch's. A branch's diagnoses come first. */
function merge(common: Body, branch: Body, at: number): Merged {
  const merged: Record<string, unknown> = { ...common };
  const here = ["choose", at];
  for (const [key, value] of Object.entries(branch)) {
    const before = common[key];
    if (Array.isArray(before) && Array.isArray(value)) merged[key] = key === "diagnose" ? [...value, ...before] : [...before, ...value];
    else if (key === "hints" && isRecord(before) && isRecord(value)) merged[key] = { ...before, ...value };
    else merged[key] = value;
  }
  const placeOf: Merged["placeOf"] = (path) => {
    const [key, index, ...rest] = path;
    if (typeof key !== "string" || !(key in branch)) return path;
    const [mine, theirs] = [branch[key], common[key]];
    if (Array.isArray(mine) && Array.isArray(theirs) && typeof index === "number") {
      const own = key === "diagnose" ? index : index - theirs.length;
      if (own >= 0 && own < mine.length) return [...here, key, own, ...rest];
      return [key, key === "diagnose" ? index - mine.length : index, ...rest];
    }
    if (key === "hints" && isRecord(mine) && index !== undefined && !(index in mine)) return path;
    return [...here, ...path];
  };
  return { merged, placeOf };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that is one `${name}` alone becomes the value itself, so that numbers stay numbers. */
function fill(value: unknown, values: ReadonlyMap<string, Scalar>, path: readonly PropertyKey[], placeOf: FilledLab["placeOf"]): unknown {
  if (typeof value === "string") {
    const valueFor = (name: string): Scalar => {
      const found = values.get(name);
      if (found === undefined) throw new LabPatternFault(placeOf(path), `\${${name}} stands for nothing`);
      return found;
    };
    const [, alone] = /^\$\{(\w+)\}$/.exec(value) ?? [];
    return alone === undefined ? value.replace(/\$\{(\w+)\}/g, (_, name: string) => String(valueFor(name))) : valueFor(alone);
  }
  if (Array.isArray(value)) return value.map((one, index) => fill(one, values, [...path, index], placeOf));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      String(fill(key, values, [...path, key], placeOf)),
      fill(one, values, [...path, key], placeOf),
    ]),
  );
}

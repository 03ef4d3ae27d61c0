/**
 * The vocabulary of checks: what a lab may ask of the state and the behaviour of a world.
 *
 * A check names facts, never commands, so that every way that leads there counts. Places are written `container:web` (on node1;
 * `container:web@node2` elsewhere), `host:node1` or `outside` (another machine on the LAN).
 */

import { z } from "zod";

const name = z.string().min(1);
const place = z
  .string()
  .regex(
    /^(container:[a-zA-Z0-9][a-zA-Z0-9_.-]*(@[a-z0-9-]+)?|host:[a-z0-9-]+|outside)$/,
    "container:NAME, container:NAME@HOST, host:NAME or outside",
  );
const host = z.string().default("node1");

export const OUTCOMES = ["ok", "refused", "timeout", "no-name", "unreachable"] as const;
const outcome = z.enum(OUTCOMES);

const networkCheck = z.strictObject({
  on: host,
  name,
  exists: z.boolean().default(true),
  driver: z.string().optional(),
  internal: z.boolean().optional(),
  subnet: z.string().optional(),
  gateway: z.string().optional(),
  /** Exactly these containers are on it. */
  containers: z.array(name).optional(),
});

const publication = z.strictObject({
  /** `0.0.0.0` is every IPv4 address of the host. */
  host_ip: z.string().optional(),
  host_port: z.int().min(1).max(65_535).optional(),
  container_port: z.int().min(1).max(65_535),
  protocol: z.enum(["tcp", "udp", "sctp"]).default("tcp"),
});

const containerCheck = z.strictObject({
  on: host,
  name,
  exists: z.boolean().default(true),
  running: z.boolean().optional(),
  /** Repository, without a tag. */
  image: z.string().optional(),
  /** It is on at least these. */
  networks: z.array(name).optional(),
  /** It is on exactly these. */
  only_networks: z.array(name).optional(),
  not_on: z.array(name).optional(),
  /** It publishes at least these ports; an empty list: none at all. */
  publishes: z.array(publication).optional(),
  network_mode: z.string().optional(),
});

const reachCheck = z.strictObject({
  from: place,
  /** A name that the source resolves, an address, or the address of a container on a network. */
  to: z.union([name, z.strictObject({ container: name, network: name, on: host })]),
  how: z.enum(["ping", "tcp", "http"]),
  port: z.int().min(1).max(65_535).optional(),
  path: z.string().startsWith("/").optional(),
  /** Any of these is right. */
  expect: z.union([outcome.transform((one) => [one]), z.array(outcome).min(1)]),
  /** Of `http`: what the body contains. */
  body: z.string().optional(),
});

const resolveCheck = z.strictObject({
  from: place,
  name,
  /** The containers whose addresses are the answer; an empty list: there is no such name. */
  answers: z.array(name),
  on: host,
});

/** A thing done on the replayed copy before the rest is looked at: catches what does not survive a restart. */
const afterCheck = z.strictObject({
  restart: z.strictObject({ container: name, on: host }),
});

export type Check =
  | { readonly network: z.infer<typeof networkCheck> }
  | { readonly container: z.infer<typeof containerCheck> }
  | { readonly reach: z.infer<typeof reachCheck> }
  | { readonly resolve: z.infer<typeof resolveCheck> }
  | { readonly all: readonly Check[] }
  | { readonly any: readonly Check[] }
  | { readonly not: Check }
  | { readonly after: z.infer<typeof afterCheck>; readonly then: Check };

export type NetworkCheck = z.infer<typeof networkCheck>;
export type ContainerCheck = z.infer<typeof containerCheck>;
export type ReachCheck = z.infer<typeof reachCheck>;
export type ResolveCheck = z.infer<typeof resolveCheck>;
export type Outcome = (typeof OUTCOMES)[number];

export const checkSchema: z.ZodType<Check> = z.lazy(() =>
  z.union([
    z.strictObject({ network: networkCheck }),
    z.strictObject({ container: containerCheck }),
    z.strictObject({ reach: reachCheck }),
    z.strictObject({ resolve: resolveCheck }),
    z.strictObject({ all: z.array(checkSchema).min(1) }),
    z.strictObject({ any: z.array(checkSchema).min(1) }),
    z.strictObject({ not: checkSchema }),
    z.strictObject({ after: afterCheck, then: checkSchema }),
  ]),
);

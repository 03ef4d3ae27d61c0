/**
 * The vocabulary of checks: what a lab may ask of the state and the behaviour of a world.
 *
 * A check names facts, never commands, so that every way that leads there counts. Places are written `container:web` (on node1;
 * `container:web@node2` elsewhere), `host:node1` or `outside` (another machine on the LAN). A field that is left out is not looked at.
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
const port = z.int().min(1).max(65_535);
const words = z.record(z.string(), z.string());

const OUTCOMES = ["ok", "refused", "timeout", "no-name", "unreachable", "too-big"] as const;
const outcome = z.enum(OUTCOMES);
/** Any of these is right. */
const outcomes = z.union([outcome.transform((one) => [one]), z.array(outcome).min(1)]);

const networkCheck = z.strictObject({
  on: host,
  name,
  exists: z.boolean().default(true),
  driver: z.string().optional(),
  internal: z.boolean().optional(),
  attachable: z.boolean().optional(),
  subnet: z.string().optional(),
  /** Its pool has this prefix length. */
  subnet_size: z.int().min(8).max(31).optional(),
  /** Its pool overlaps none of these prefixes. */
  subnet_outside: z.array(z.string()).optional(),
  range: z.string().optional(),
  gateway: z.string().optional(),
  /** At least these addresses are reserved, by whatever name. */
  aux: z.array(z.string()).optional(),
  mtu: z.int().optional(),
  /** Of macvlan and ipvlan. */
  parent: z.string().optional(),
  mode: z.string().optional(),
  /** At least these driver options. */
  options: words.optional(),
  /** Exactly these containers are on it. */
  containers: z.array(name).optional(),
  /** It is the network that was there at the start, not another of its name. */
  same_as_start: z.literal(true).optional(),
});

const publication = z.strictObject({
  /** `0.0.0.0` is every IPv4 address of the host. */
  host_ip: z.string().optional(),
  host_port: port.optional(),
  container_port: port,
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
  /** What `hostname` says inside. */
  hostname: z.string().optional(),
  /** Network → its address there. */
  ip: words.optional(),
  /** Network → the aliases that were asked for there: at least these. */
  aliases: z.record(z.string(), z.array(name)).optional(),
  /** Network → aliases that it does not have there. */
  not_aliases: z.record(z.string(), z.array(name)).optional(),
  /** `no`, `always`, `unless-stopped`, `on-failure`: any of these. */
  restart_policy: z.array(z.string()).optional(),
  log_driver: z.string().optional(),
  /** Options of the log driver that are set. */
  log_options: z.array(z.string()).optional(),
  /** What `docker logs` prints contains this. */
  logs: z.string().optional(),
  /** Exactly these name servers were asked for. */
  dns: z.array(z.string()).optional(),
  /** Whether it was made with `--link`. */
  linked: z.boolean().optional(),
  /** Whether it was made with `--add-host`. */
  extra_hosts: z.boolean().optional(),
  /** `VARIABLE=value` settings that it has. */
  env: z.array(z.string()).optional(),
  /** It is the container that was there at the start, and it was not restarted since (`id`: it may have been). */
  same_as_start: z.union([z.literal(true), z.literal("id")]).optional(),
});

const target = z.union([name, z.strictObject({ container: name, network: name, on: host })]);

const reachCheck = z.strictObject({
  from: place,
  /** A name that the source resolves, an address, or the address of a container on a network. */
  to: target,
  how: z.enum(["ping", "tcp", "http"]),
  port: port.optional(),
  path: z.string().startsWith("/").optional(),
  /** Of `ping`: bytes of the IP packet, sent with Don't Fragment set. `too-big`: a link on the way is too narrow for it. */
  size: z.int().min(28).max(65_535).optional(),
  expect: outcomes,
  /** Of `http`: what the body contains. */
  body: z.string().optional(),
  /** Of `http` to a container of traefik/whoami: the address that the request came from, as the server saw it. */
  source_seen: z.string().optional(),
});

/** Source → target → what comes of it. */
const reachMatrixCheck = z.strictObject({
  how: z.enum(["ping", "tcp", "http"]),
  port: port.optional(),
  rows: z.record(place, z.record(name, outcomes)),
});

const resolveCheck = z.strictObject({
  from: place,
  name,
  /** The containers whose addresses are the answer, or addresses themselves; an empty list: there is no such name. */
  answers: z.array(name),
  on: host,
});

/** Who listens on a port of a host itself (a published port is one), and who gets through to it. */
const listensCheck = z.strictObject({
  on: host,
  port,
  protocol: z.enum(["tcp", "udp"]).default("tcp"),
  exists: z.boolean().default(true),
  /** Exactly these IPv4 addresses are listened on. */
  addresses: z.array(z.string()).optional(),
  /** Of TCP: of all hosts and `outside`, these and no others get through to the host's first address. */
  only_from: z.array(place).optional(),
  /** Of TCP: none of these gets through. */
  never_from: z.array(place).optional(),
});

const hostCheck = z.strictObject({
  on: host,
  sysctl: words.optional(),
  /** What /etc/sysctl.d and /etc/sysctl.conf set for the next boot. */
  persistent: words.optional(),
  hostname: z.string().optional(),
  /** Whether dockerd answers. */
  docker: z.boolean().optional(),
  /** Top-level keys of /etc/docker/daemon.json and their values, in JSON; null: it is not set. */
  daemon: z.record(z.string(), z.json()).optional(),
  iface: z
    .strictObject({
      name,
      exists: z.boolean().default(true),
      up: z.boolean().optional(),
      mtu: z.int().optional(),
      /** `192.168.56.11/24`. */
      address: z.string().optional(),
    })
    .optional(),
  /** The way that a packet to this address takes. */
  route: z.strictObject({ to: z.string(), via: z.string().optional(), dev: z.string().optional() }).optional(),
  firewall: z
    .strictObject({
      table: z.enum(["filter", "nat", "raw", "mangle"]).default("filter"),
      chain: name,
      policy: z.enum(["ACCEPT", "DROP"]).optional(),
      /** Rules that are in the chain, as `iptables -S` shows them without `-A CHAIN`. */
      has: z.array(z.string()).optional(),
      /** None of its rules contains this. */
      lacks: z.array(z.string()).optional(),
    })
    .optional(),
});

/** What the learner wrote down with `answer NAME VALUE`. Case and surplus spaces do not matter. */
const answerCheck = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/),
    equals: z.union([z.string(), z.number()]).transform(String).optional(),
    /** Any of these is right. */
    one_of: z
      .array(z.union([z.string(), z.number()]).transform(String))
      .min(1)
      .optional(),
    /** What this prints on the copy that is graded is right. */
    equals_output: z.strictObject({ on: host, run: name }).optional(),
  })
  .refine((check) => [check.equals, check.one_of, check.equals_output].filter((one) => one !== undefined).length === 1, {
    error: "one of equals, one_of, equals_output",
  });

/** A thing done on a copy before the rest is looked at: catches what does not survive it. */
const event = z.union([
  z.strictObject({ restart: z.strictObject({ container: name, on: host }) }),
  z.strictObject({ restart_daemon: z.strictObject({ on: host }) }),
  z.strictObject({ reboot: z.strictObject({ on: host }) }),
  /** Somebody else does something: it may fail. */
  z.strictObject({ run: z.strictObject({ on: host, command: name }) }),
]);

export type NetworkCheck = z.infer<typeof networkCheck>;
export type ContainerCheck = z.infer<typeof containerCheck>;
export type ReachCheck = z.infer<typeof reachCheck>;
export type ReachMatrixCheck = z.infer<typeof reachMatrixCheck>;
export type ResolveCheck = z.infer<typeof resolveCheck>;
export type ListensCheck = z.infer<typeof listensCheck>;
export type HostCheck = z.infer<typeof hostCheck>;
export type AnswerCheck = z.infer<typeof answerCheck>;
export type CheckEvent = z.infer<typeof event>;
export type Outcome = (typeof OUTCOMES)[number];

export type Check =
  | { readonly network: NetworkCheck }
  | { readonly container: ContainerCheck }
  | { readonly reach: ReachCheck }
  | { readonly reach_matrix: ReachMatrixCheck }
  | { readonly resolve: ResolveCheck }
  | { readonly listens: ListensCheck }
  | { readonly host: HostCheck }
  | { readonly answer: AnswerCheck }
  | { readonly all: readonly Check[] }
  | { readonly any: readonly Check[] }
  | { readonly not: Check }
  | { readonly after: CheckEvent; readonly then: Check };

export const checkSchema: z.ZodType<Check> = z.lazy(() =>
  z.union([
    z.strictObject({ network: networkCheck }),
    z.strictObject({ container: containerCheck }),
    z.strictObject({ reach: reachCheck }),
    z.strictObject({ reach_matrix: reachMatrixCheck }),
    z.strictObject({ resolve: resolveCheck }),
    z.strictObject({ listens: listensCheck }),
    z.strictObject({ host: hostCheck }),
    z.strictObject({ answer: answerCheck }),
    z.strictObject({ all: z.array(checkSchema).min(1) }),
    z.strictObject({ any: z.array(checkSchema).min(1) }),
    z.strictObject({ not: checkSchema }),
    z.strictObject({ after: event, then: checkSchema }),
  ]),
);

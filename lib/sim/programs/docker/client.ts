/**
 * The client of the Engine API: one request, one answer, and the words for what goes wrong.
 *
 * A learner sees it in `Error response from daemon: …` and `Cannot connect to the Docker daemon at …`. Follows moby's package
 * client (request.go, ping.go, errors.go). It differs in that it speaks only to Unix sockets.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { API_VERSION, type Query, requestTarget, type RouteName, ROUTES } from "@/lib/sim/api";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import type { LocalService, ServiceBody, ServiceRequest, ServiceResponse, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Failure } from "./cobra/command";

export type ApiError =
  /** There is nobody to talk to. */
  | { readonly kind: "connection"; readonly message: string }
  /** The daemon said no. */
  | { readonly kind: "response"; readonly status: number; readonly message: string }
  /** A signal came first. */
  | Interrupted;

type Interrupted = { readonly kind: "interrupted"; readonly status: number; readonly message: "" };

export type UpgradeBody = Extract<ServiceBody, { kind: "upgrade" }>;

export type Request = { readonly object?: string; readonly query?: Query; readonly body?: unknown };

/** What the daemon says of itself in the answer to a ping. */
export type ServerInfo = {
  readonly experimental: boolean;
  readonly os: string;
  readonly apiVersion: string | undefined;
  /** Undefined when it did not say. */
  readonly swarm: { readonly state: string; readonly isManager: boolean } | undefined;
};

const NO_PERMISSION = "permission denied";

/** Requests before which the client asks for the daemon's version, and so fails at that. */
const ASKS_VERSION: ReadonlySet<RouteName> = new Set([
  "ContainerCreate",
  "ContainerExec",
  "ContainerPrune",
  "ContainerWait",
  "ImageList",
  "ImagePrune",
  "NetworkCreate",
  "NetworkPrune",
  "VolumePrune",
]);

export function failureOf(error: ApiError): Failure {
  return { status: error.kind === "interrupted" ? error.status : 1, message: error.message };
}

export function isNotFound(error: ApiError): boolean {
  return error.kind === "response" && error.status === 404;
}

export class Client {
  readonly #sys: Sys;
  readonly #host: string;
  #service: Result<LocalService, string> | undefined;
  #info: ServerInfo | undefined;
  #interrupted: Interrupted | undefined;
  /** Whether signals mean something else than to give up (they are passed on to a container). */
  holdsSignals = false;

  /** `host` as in DOCKER_HOST: `unix:///var/run/docker.sock`. `unusable`: why no daemon can be asked. */
  constructor(sys: Sys, host: string, unusable?: string) {
    this.#sys = sys;
    this.#host = host;
    if (unusable !== undefined) this.#service = fail(unusable);
  }

  get host(): string {
    return this.#host;
  }

  /** The version that requests are made in: the older of what both sides speak. */
  get version(): string {
    const theirs = this.#info?.apiVersion;
    return theirs !== undefined && isOlder(theirs, API_VERSION) ? theirs : API_VERSION;
  }

  /** Asks once; the answer is kept. A daemon that does not answer counts as one with all features. */
  *serverInfo(): Routine<ServerInfo> {
    if (this.#info) return this.#info;
    this.#info = { experimental: true, os: "", apiVersion: undefined, swarm: undefined };
    const service = this.#connect();
    if (!service.ok) return this.#info;
    const response = yield* service.value.call({ method: "HEAD", target: "/_ping", headers: this.#headers(false) });
    if (response.status !== 200) return this.#info;
    const header = (name: string): string | undefined => headerOf(response, name);
    const swarm = header("Swarm")?.split("/");
    this.#info = {
      experimental: header("Docker-Experimental") === "true",
      os: header("OSType") ?? "",
      apiVersion: header("Api-Version"),
      swarm: swarm ? { state: swarm[0] ?? "", isManager: swarm[1] === "manager" } : undefined,
    };
    return this.#info;
  }

  /** Runs the request. Any status from 400 on is an error. */
  *call(route: RouteName, request: Request = {}): Routine<Result<ServiceResponse, ApiError>> {
    yield* this.serverInfo();
    if (this.#interrupted) return fail(this.#interrupted);
    const object = request.object?.trim();
    if (object === "") return fail({ kind: "response", status: 400, message: `invalid ${kindOf(route)} name or ID: value is empty` });
    const service = this.#connect();
    const { body } = request;
    const target = requestTarget(route, object, request.query, this.version);
    if (!service.ok) {
      const isPermission = service.error === NO_PERMISSION;
      return fail({
        kind: "connection",
        message: isPermission
          ? this.#permissionDenied(ASKS_VERSION.has(route) ? ["HEAD", "/_ping"] : [ROUTES[route].method, target])
          : service.error,
      });
    }
    const response = yield* this.#interruptible(service.value, {
      method: ROUTES[route].method,
      target,
      headers: this.#headers(body !== undefined),
      ...(body === undefined ? {} : { body: `${JSON.stringify(body)}\n` }),
    });
    if ("kind" in response) return fail(response);
    if (response.status < 400) return ok(response);
    const text = yield* bodyText(response.body);
    return fail({ kind: "response", status: response.status, message: errorText(text, response, target) });
  }

  /** The answer's JSON, trusted to have the shape that the API's types give it, and its text as it came. */
  *json<T>(route: RouteName, request: Request = {}): Routine<Result<{ readonly value: T; readonly text: string }, ApiError>> {
    const response = yield* this.call(route, request);
    if (!response.ok) return response;
    const text = yield* bodyText(response.value.body);
    return ok({ value: (text.trim() === "" ? null : JSON.parse(text)) as T, text });
  }

  /** The value alone. */
  *get<T>(route: RouteName, request: Request = {}): Routine<Result<T, ApiError>> {
    const answer = yield* this.json<T>(route, request);
    return answer.ok ? ok(answer.value.value) : answer;
  }

  /** For answers without a body. */
  *send(route: RouteName, request: Request = {}): Routine<Result<void, ApiError>> {
    const response = yield* this.call(route, request);
    if (!response.ok) return response;
    yield* bodyText(response.value.body);
    return ok(undefined);
  }

  /** A connection that both sides write to. The daemon's words for why not are lost, as in the real client. */
  *upgrade(route: RouteName, request: Request): Routine<Result<UpgradeBody, ApiError>> {
    const response = yield* this.call(route, request);
    const refusal = (status: number): Result<never, ApiError> =>
      fail({ kind: "response", status, message: `unable to upgrade to tcp, received ${status}` });
    if (response.ok) return response.value.body.kind === "upgrade" ? ok(response.value.body) : refusal(response.value.status);
    const { error } = response;
    return error.kind !== "response" || isOwnVoice(error.message) ? response : refusal(error.status);
  }

  /** The request goes on at the daemon when a signal ends the wait for its answer. */
  *#interruptible(service: LocalService, request: ServiceRequest): Routine<ServiceResponse | ApiError> {
    const call = service.call(request);
    let step = call.next({ kind: "ready" });
    while (!step.done) {
      const wake = yield step.value;
      const interrupted = wake.kind === "signal" && !this.holdsSignals ? this.interruption() : undefined;
      if (interrupted) return interrupted;
      step = call.next(wake);
    }
    return step.value;
  }

  /** What a pending INT or TERM makes of a wait that it ended, and of all requests after that. */
  interruption(): Interrupted | undefined {
    if (!this.holdsSignals && !this.#interrupted) this.interrupt(this.#sys.takeSignal());
    return this.#interrupted;
  }

  interrupt(signal: SignalName | undefined): void {
    if (signal !== "INT" && signal !== "TERM") return;
    this.#interrupted = { kind: "interrupted", status: 128 + SIGNAL_NUMBERS[signal], message: "" };
  }

  #permissionDenied([method, target]: readonly [string, string]): string {
    const path = this.#host.slice("unix://".length);
    const verb = `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
    return `permission denied while trying to connect to the Docker daemon socket at ${this.#host}: ${verb} "http://${encodeURIComponent(path)}${target}": dial unix ${path}: connect: permission denied`;
  }

  #headers(hasBody: boolean): Readonly<Record<string, string>> {
    const agent = { Host: "api.moby.localhost", "User-Agent": "Docker-Client/28.5.2 (linux)" };
    return hasBody ? { ...agent, "Content-Type": "application/json" } : agent;
  }

  #connect(): Result<LocalService, string> {
    if (this.#service) return this.#service;
    this.#service = this.#dial();
    return this.#service;
  }

  #dial(): Result<LocalService, string> {
    if (!this.#host.startsWith("unix://")) return fail(notSimulated(`a Docker daemon behind ${this.#host}`));
    const service = this.#sys.connectUnix(this.#host.slice("unix://".length));
    if (service.ok) return service;
    if (service.error === "EACCES") return fail(NO_PERMISSION);
    return fail(`Cannot connect to the Docker daemon at ${this.#host}. Is the docker daemon running?`);
  }
}

/** What the routes of a group are about, in the client's words. */
function kindOf(route: RouteName): string {
  return /^(Container|Image|Network|Volume|Exec|Node|Service|Secret|Config|Plugin|Task)/.exec(route)?.[0].toLowerCase() ?? "object";
}

/** `a` is a lower version than `b`, as `1.9` is than `1.51`. */
function isOlder(a: string, b: string): boolean {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) < (right[i] ?? 0);
  }
  return false;
}

export function headerOf(response: ServiceResponse, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(response.headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** All of a body that ends by itself. */
export function* bodyText(body: ServiceBody): Routine<string> {
  switch (body.kind) {
    case "none":
      return "";
    case "text":
      return body.text;
    case "chunks": {
      let text = "";
      for (let chunk = yield* body.read(); chunk !== undefined; chunk = yield* body.read()) text += chunk;
      return text;
    }
    case "upgrade": {
      let text = "";
      for (let chunk = yield* body.read(); chunk !== undefined; chunk = yield* body.read()) text += chunk.text;
      return text;
    }
  }
}

function errorText(body: string, response: ServiceResponse, target: string): string {
  if (body === "")
    return `request returned ${response.status} for API route and version http://%2Fvar%2Frun%2Fdocker.sock${target}, check if the server supports the requested API version`;
  let message = body;
  if (headerOf(response, "Content-Type")?.startsWith("application/json")) {
    const decoded: unknown = JSON.parse(body);
    message =
      typeof decoded === "object" && decoded !== null && "message" in decoded && typeof decoded.message === "string" ? decoded.message : "";
    if (message === "") return `Error response from daemon: API returned a ${response.status} but provided no error-message`;
  }
  return isOwnVoice(message) ? message.trim() : `Error response from daemon: ${message.trim()}`;
}

/** The simulator's own voice stays its own. */
function isOwnVoice(message: string): boolean {
  return message.startsWith("drydock:");
}

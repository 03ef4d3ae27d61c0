/**
 * The routes of the Engine API v1.51 as a table: what the `docker` program asks for, what the daemon answers to.
 *
 * Modelled on moby 28.5.2, daemon/server/router (each package's *_routes.go) and api/swagger.yaml, whose operation ids
 * are the names here. `{…}` in a path takes everything, slashes too, where moby's pattern is `.*`.
 *
 * `simulated` is this table's part of the fidelity ledger: `yes`, `no`, or what is missing.
 */

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/**
 * How the answer comes. `json`: one value (a `text` body). `lines`: JSON objects, one a line, as they happen (`chunks`).
 * `later`: status and headers at once, one JSON value when it is known (`chunks`). `streams`: stdout and stderr apart,
 * or all of it as stdout with a terminal (`upgrade` body; status 101 when input can be sent, 200 for logs). `none`: no body.
 */
export type Answer = "json" | "lines" | "later" | "streams" | "text" | "none";

export type Route = {
  readonly method: Method;
  readonly path: string;
  readonly answer: Answer;
  readonly simulated: "yes" | "no" | { readonly partly: string };
};

const yes = "yes";
const no = "no";
const partly = (reason: string): { readonly partly: string } => ({ partly: reason });
const refused = partly("the refusal of a node that is no swarm manager");

function route(method: Method, path: string, answer: Answer, simulated: Route["simulated"]): Route {
  return { method, path, answer, simulated };
}

export const ROUTES = {
  // --- system ---
  SystemPing: route("GET", "/_ping", "text", yes),
  SystemPingHead: route("HEAD", "/_ping", "none", yes),
  SystemVersion: route("GET", "/version", "json", yes),
  SystemInfo: route("GET", "/info", "json", yes),
  SystemEvents: route("GET", "/events", "lines", yes),
  SystemDataUsage: route("GET", "/system/df", "json", yes),
  SystemAuth: route("POST", "/auth", "json", no),

  // --- containers ---
  ContainerList: route("GET", "/containers/json", "json", yes),
  ContainerCreate: route("POST", "/containers/create", "json", partly("limits are kept and shown, not enforced")),
  ContainerInspect: route("GET", "/containers/{name}/json", "json", yes),
  ContainerTop: route("GET", "/containers/{name}/top", "json", partly("columns of ps that processes here do not have")),
  ContainerLogs: route("GET", "/containers/{name}/logs", "streams", yes),
  ContainerChanges: route("GET", "/containers/{name}/changes", "json", yes),
  ContainerExport: route("GET", "/containers/{name}/export", "text", no),
  ContainerStats: route(
    "GET",
    "/containers/{name}/stats",
    "lines",
    partly("processor, memory and disk figures are constants; the network's are counted"),
  ),
  ContainerResize: route("POST", "/containers/{name}/resize", "none", yes),
  ContainerStart: route("POST", "/containers/{name}/start", "none", yes),
  ContainerStop: route("POST", "/containers/{name}/stop", "none", yes),
  ContainerRestart: route("POST", "/containers/{name}/restart", "none", yes),
  ContainerKill: route("POST", "/containers/{name}/kill", "none", yes),
  ContainerUpdate: route("POST", "/containers/{name}/update", "json", partly("limits are kept and shown, not enforced")),
  ContainerRename: route("POST", "/containers/{name}/rename", "none", yes),
  ContainerPause: route("POST", "/containers/{name}/pause", "none", yes),
  ContainerUnpause: route("POST", "/containers/{name}/unpause", "none", yes),
  ContainerAttach: route("POST", "/containers/{name}/attach", "streams", yes),
  ContainerAttachWebsocket: route("GET", "/containers/{name}/attach/ws", "streams", no),
  ContainerWait: route("POST", "/containers/{name}/wait", "later", yes),
  ContainerDelete: route("DELETE", "/containers/{name}", "none", yes),
  ContainerArchiveInfo: route("HEAD", "/containers/{name}/archive", "none", no),
  ContainerArchive: route("GET", "/containers/{name}/archive", "text", no),
  PutContainerArchive: route("PUT", "/containers/{name}/archive", "none", no),
  ContainerPrune: route("POST", "/containers/prune", "json", yes),
  ContainerExec: route("POST", "/containers/{name}/exec", "json", yes),
  ExecStart: route("POST", "/exec/{id}/start", "streams", yes),
  ExecResize: route("POST", "/exec/{id}/resize", "none", yes),
  ExecInspect: route("GET", "/exec/{id}/json", "json", yes),
  ImageCommit: route("POST", "/commit", "json", no),

  // --- images ---
  ImageList: route("GET", "/images/json", "json", yes),
  ImageCreate: route("POST", "/images/create", "lines", partly("pulls; no import from a tar file")),
  ImageInspect: route("GET", "/images/{name}/json", "json", yes),
  ImageHistory: route("GET", "/images/{name}/history", "json", partly("one line a layer, without the commands that made it")),
  ImageTag: route("POST", "/images/{name}/tag", "none", yes),
  ImageDelete: route("DELETE", "/images/{name}", "json", yes),
  ImagePrune: route("POST", "/images/prune", "json", yes),
  ImageSearch: route("GET", "/images/search", "json", no),
  ImagePush: route("POST", "/images/{name}/push", "lines", no),
  ImageGet: route("GET", "/images/{name}/get", "text", no),
  ImageGetAll: route("GET", "/images/get", "text", no),
  ImageLoad: route("POST", "/images/load", "lines", no),
  ImageBuild: route("POST", "/build", "lines", no),
  BuildPrune: route("POST", "/build/prune", "json", partly("the cache is always empty")),
  BuildCancel: route("POST", "/build/cancel", "none", no),
  DistributionInspect: route("GET", "/distribution/{name}/json", "json", no),
  Session: route("POST", "/session", "streams", no),
  Grpc: route("POST", "/grpc", "streams", no),

  // --- networks ---
  NetworkList: route("GET", "/networks", "json", yes),
  NetworkInspect: route("GET", "/networks/{id}", "json", yes),
  NetworkCreate: route("POST", "/networks/create", "json", yes),
  NetworkConnect: route("POST", "/networks/{id}/connect", "none", yes),
  NetworkDisconnect: route("POST", "/networks/{id}/disconnect", "none", yes),
  NetworkPrune: route("POST", "/networks/prune", "json", yes),
  NetworkDelete: route("DELETE", "/networks/{id}", "none", yes),

  // --- volumes ---
  VolumeList: route("GET", "/volumes", "json", yes),
  VolumeCreate: route("POST", "/volumes/create", "json", partly("driver local, without mount options")),
  VolumeInspect: route("GET", "/volumes/{name}", "json", yes),
  VolumeUpdate: route("PUT", "/volumes/{name}", "none", refused),
  VolumeDelete: route("DELETE", "/volumes/{name}", "none", yes),
  VolumePrune: route("POST", "/volumes/prune", "json", yes),

  // --- plugins ---
  PluginList: route("GET", "/plugins", "json", partly("there are none")),
  PluginInspect: route("GET", "/plugins/{name}/json", "json", no),
  GetPluginPrivileges: route("GET", "/plugins/privileges", "json", no),
  PluginPull: route("POST", "/plugins/pull", "lines", no),
  PluginCreate: route("POST", "/plugins/create", "none", no),
  PluginEnable: route("POST", "/plugins/{name}/enable", "none", no),
  PluginDisable: route("POST", "/plugins/{name}/disable", "none", no),
  PluginUpgrade: route("POST", "/plugins/{name}/upgrade", "lines", no),
  PluginPush: route("POST", "/plugins/{name}/push", "lines", no),
  PluginSet: route("POST", "/plugins/{name}/set", "none", no),
  PluginDelete: route("DELETE", "/plugins/{name}", "json", no),

  // --- swarm ---
  SwarmInspect: route("GET", "/swarm", "json", refused),
  SwarmInit: route("POST", "/swarm/init", "json", no),
  SwarmJoin: route("POST", "/swarm/join", "none", no),
  SwarmLeave: route("POST", "/swarm/leave", "none", partly("the refusal of a node that is in no swarm")),
  SwarmUpdate: route("POST", "/swarm/update", "none", refused),
  SwarmUnlockkey: route("GET", "/swarm/unlockkey", "json", refused),
  SwarmUnlock: route("POST", "/swarm/unlock", "none", refused),
  ServiceList: route("GET", "/services", "json", refused),
  ServiceCreate: route("POST", "/services/create", "json", refused),
  ServiceInspect: route("GET", "/services/{id}", "json", refused),
  ServiceUpdate: route("POST", "/services/{id}/update", "json", refused),
  ServiceDelete: route("DELETE", "/services/{id}", "none", refused),
  ServiceLogs: route("GET", "/services/{id}/logs", "streams", refused),
  NodeList: route("GET", "/nodes", "json", refused),
  NodeInspect: route("GET", "/nodes/{id}", "json", refused),
  NodeUpdate: route("POST", "/nodes/{id}/update", "none", refused),
  NodeDelete: route("DELETE", "/nodes/{id}", "none", refused),
  TaskList: route("GET", "/tasks", "json", refused),
  TaskInspect: route("GET", "/tasks/{id}", "json", refused),
  TaskLogs: route("GET", "/tasks/{id}/logs", "streams", refused),
  SecretList: route("GET", "/secrets", "json", refused),
  SecretCreate: route("POST", "/secrets/create", "json", refused),
  SecretInspect: route("GET", "/secrets/{id}", "json", refused),
  SecretUpdate: route("POST", "/secrets/{id}/update", "none", refused),
  SecretDelete: route("DELETE", "/secrets/{id}", "none", refused),
  ConfigList: route("GET", "/configs", "json", refused),
  ConfigCreate: route("POST", "/configs/create", "json", refused),
  ConfigInspect: route("GET", "/configs/{id}", "json", refused),
  ConfigUpdate: route("POST", "/configs/{id}/update", "none", refused),
  ConfigDelete: route("DELETE", "/configs/{id}", "none", refused),
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof ROUTES;

export type Query = Readonly<Record<string, string | undefined>>;

/**
 * The target of a request line: `/v1.51/containers/web/json?size=1`. `object` fills the path's `{…}`; entries of `query`
 * that are undefined are left out, the others are sorted by name, as Go's url.Values are.
 */
export function requestTarget(name: RouteName, object = "", query: Query = {}, version = "1.51"): string {
  const path = ROUTES[name].path.replace(/\{\w+\}/, encodePath(object));
  const parts: string[] = [];
  for (const key of Object.keys(query).sort()) {
    const value = query[key];
    if (value !== undefined) parts.push(`${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  }
  return `/v${version}${path}${parts.length > 0 ? `?${parts.join("&")}` : ""}`;
}

/** Slashes of an image's name stay, as in Go's URL.String. */
function encodePath(object: string): string {
  return object.split("/").map(encodeURIComponent).join("/");
}

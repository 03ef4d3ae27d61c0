/** `docker version`. Follows docker/cli cli/command/system/version.go. */

import { ok } from "@/lib/base/result";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { alignColumns } from "../../format/tabwriter";
import {
  DOCKER_FUNCTIONS,
  execute,
  FUNCTION_NAMES,
  type GoFunc,
  type GoType,
  goStrings,
  type GoValue,
  type Json,
  parseJson,
  parseTemplate,
  STRINGS,
  type StructType,
} from "../../gotemplate";
import { ansicText } from "../../opts/timestamp";
import { decode, TYPES } from "../../schema";
import { clientVersion } from "./client-version";

const DEFAULT = `{{with .Client -}}
Client:{{if ne .Platform nil}}{{if ne .Platform.Name ""}} {{.Platform.Name}}{{end}}{{end}}
 Version:	{{.Version}}
 API version:	{{.APIVersion}}{{if ne .APIVersion .DefaultAPIVersion}} (downgraded from {{.DefaultAPIVersion}}){{end}}
 Go version:	{{.GoVersion}}
 Git commit:	{{.GitCommit}}
 Built:	{{.BuildTime}}
 OS/Arch:	{{.Os}}/{{.Arch}}
 Context:	{{.Context}}
{{- end}}

{{- if ne .Server nil}}{{with .Server}}

Server:{{if ne .Platform.Name ""}} {{.Platform.Name}}{{end}}
 {{- range $component := .Components}}
 {{$component.Name}}:
  {{- if eq $component.Name "Engine" }}
  Version:	{{.Version}}
  API version:	{{index .Details "ApiVersion"}} (minimum version {{index .Details "MinAPIVersion"}})
  Go version:	{{index .Details "GoVersion"}}
  Git commit:	{{index .Details "GitCommit"}}
  Built:	{{index .Details "BuildTime"}}
  OS/Arch:	{{index .Details "Os"}}/{{index .Details "Arch"}}
  Experimental:	{{index .Details "Experimental"}}
  {{- else }}
  Version:	{{$component.Version}}
  {{- $detailsOrder := getDetailsOrder $component}}
  {{- range $key := $detailsOrder}}
  {{$key}}:	{{index $component.Details $key}}
   {{- end}}
  {{- end}}
 {{- end}}
 {{- end}}{{- end}}`;

const SERVER: GoType = { kind: "pointer", elem: TYPES.get("types.Version") };

/** The details of a component, in the order of their names. */
const detailsOrder: GoFunc = {
  params: [TYPES.get("types.ComponentVersion")],
  result: STRINGS,
  call: ([component]) => {
    const details = component?.kind === "struct" ? component.fields[2] : undefined;
    return ok(goStrings(details?.kind === "map" ? [...(details.entries?.keys() ?? [])].sort() : []));
  },
};
const FUNCTIONS = new Map([...DOCKER_FUNCTIONS, ["getDetailsOrder", detailsOrder] as const]);
const NAMES = new Set([...FUNCTION_NAMES, "getDetailsOrder"]);

export const systemVersion: Handler = function* ({ cli, flags }) {
  const given = flags.text("format");
  const template = parseTemplate("version", given === "" ? DEFAULT : given === "json" ? "{{json .}}" : given, NAMES);
  if (!template.ok) return { status: 64, message: `template parsing error: ${template.error}` };

  yield* cli.client.serverInfo();
  const answer = yield* cli.client.json("SystemVersion");
  const json = answer.ok ? parseJson(answer.value.text) : undefined;
  const server: GoValue = json?.ok
    ? decode(SERVER, withReadableDate(json.value))
    : { kind: "pointer", type: SERVER as Extract<GoType, { kind: "pointer" }>, to: undefined };
  const filled = execute(template.value, versionInfo(clientVersion(cli.contextName, cli.client.version), server), { functions: FUNCTIONS });
  yield* cli.out(alignColumns(`${filled.ok ? filled.value : filled.error.output}\n`, { minWidth: 20, padding: 1 }));
  if (!answer.ok) return failureOf(answer.error);
  return filled.ok ? undefined : { status: 1, message: filled.error.message };
};

function versionInfo(client: GoValue, server: GoValue): GoValue {
  const type: StructType = {
    kind: "struct",
    name: "system.versionInfo",
    fields: [
      { name: "Client", type: "type" in client ? client.type : SERVER, isEmbedded: false, json: "Client", omit: "never" },
      { name: "Server", type: SERVER, isEmbedded: false, json: "Server", omit: "never" },
    ],
  };
  return { kind: "struct", type, fields: [client, server] };
}

/** The engine's build time as people read it. */
function withReadableDate(version: Json): Json {
  if (version.kind !== "object") return version;
  const components = version.entries.get("Components");
  if (components?.kind !== "array") return version;
  const items = components.items.map((component): Json => {
    const details = component.kind === "object" ? component.entries.get("Details") : undefined;
    const built = details?.kind === "object" ? details.entries.get("BuildTime") : undefined;
    if (component.kind !== "object" || details?.kind !== "object" || built?.kind !== "string") return component;
    const entries = new Map(details.entries);
    entries.set("BuildTime", { kind: "string", value: ansicText(built.value) });
    return { kind: "object", entries: new Map([...component.entries, ["Details", { kind: "object", entries }]]) };
  });
  return { kind: "object", entries: new Map([...version.entries, ["Components", { kind: "array", items }]]) };
}

/** What the client says of itself in `docker version` and `docker info`: the upstream build of Docker CLI 28.5.2. */

import { API_VERSION } from "@/lib/sim/api";
import { type GoField, goString, type GoType, type GoValue, STRING, type StructType } from "../../gotemplate";

export const CLIENT_VERSION = "28.5.2";
export const GIT_COMMIT = "ecc6942";
const GO_VERSION = "go1.24.9";
const BUILT = "Wed Nov  5 14:43:48 2025";

const PLATFORM: StructType = { kind: "struct", name: "system.platformInfo", fields: [field("Name")] };

function field(name: string, json = name, type: GoType = STRING): GoField {
  return { name, type, isEmbedded: false, json, omit: "empty" };
}

const CLIENT: StructType = {
  kind: "struct",
  name: "system.clientVersion",
  fields: [
    field("Platform", "Platform", { kind: "pointer", elem: PLATFORM }),
    field("Version"),
    field("APIVersion", "ApiVersion"),
    field("DefaultAPIVersion"),
    field("GitCommit"),
    field("GoVersion"),
    field("Os"),
    field("Arch"),
    field("BuildTime"),
    { ...field("Context"), omit: "never" },
  ],
};

/** `apiVersion` is what was agreed with the daemon; undefined where it is not to be asked. */
export function clientVersion(context: string, apiVersion: string | undefined): GoValue {
  // A distribution's package names no platform, as Docker's own packages do ("Docker Engine - Community").
  const platform: GoValue = { kind: "pointer", type: { kind: "pointer", elem: PLATFORM }, to: undefined };
  const texts = [CLIENT_VERSION, apiVersion ?? "", API_VERSION, GIT_COMMIT, GO_VERSION, "linux", "amd64", BUILT, context];
  return { kind: "struct", type: CLIENT, fields: [platform, ...texts.map((text) => goString(text))] };
}

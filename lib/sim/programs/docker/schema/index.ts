/**
 * The Go types that `--format` templates of docker 28.5.2 see: what an object is to the real CLI, so that it prints and
 * fails alike here.
 */

import { ok } from "@/lib/base/result";
import { BOOL, goBool, type GoFunc, goInt, type GoMethods, goString, type GoType, type GoValue, INT, STRING } from "../gotemplate";
import { secondsOf } from "../opts/timestamp";
import { durationText } from "../units";
import { CONTAINER_TYPES } from "./container";
import { IMAGE_TYPES } from "./image";
import { NETWORK_TYPES } from "./network";
import { TypeTable } from "./notation";
import { SYSTEM_TYPES } from "./system";

export { decode, timeText } from "./decode";

function method(result: GoType, value: () => GoValue): GoFunc {
  return { params: [], result, call: () => ok(value()) };
}

function textOf(receiver: GoValue): string {
  return receiver.kind === "string" ? receiver.value : "";
}

/** Questions that Go code, and so a template, can ask of a mode: `{{.HostConfig.NetworkMode.IsHost}}`. */
const NETWORK_MODE: GoMethods = (receiver) => {
  const mode = textOf(receiver);
  const isContainer = mode === "container" || mode.startsWith("container:");
  const isUser = !["bridge", "default", "host", "none", ""].includes(mode) && !isContainer;
  const name = mode === "" ? "" : isContainer ? "container" : mode;
  return new Map([
    ["IsNone", method(BOOL, () => goBool(mode === "none"))],
    ["IsDefault", method(BOOL, () => goBool(mode === "default"))],
    ["IsPrivate", method(BOOL, () => goBool(mode !== "host" && !isContainer))],
    ["IsContainer", method(BOOL, () => goBool(isContainer))],
    ["IsBridge", method(BOOL, () => goBool(mode === "bridge"))],
    ["IsHost", method(BOOL, () => goBool(mode === "host"))],
    ["IsUserDefined", method(BOOL, () => goBool(isUser))],
    ["ConnectedContainer", method(STRING, () => goString(isContainer ? mode.slice("container:".length) : ""))],
    ["UserDefined", method(STRING, () => goString(isUser ? mode : ""))],
    ["NetworkName", method(STRING, () => goString(name))],
  ]);
};

const PORT: GoMethods = (receiver) => {
  const [port = "", protocol = "tcp"] = textOf(receiver).split("/");
  return new Map([
    ["Port", method(STRING, () => goString(port))],
    ["Proto", method(STRING, () => goString(protocol))],
    ["Int", method(INT, () => goInt(/^\d+$/.test(port) ? Number(port) : 0))],
  ]);
};

const RESTART_POLICY: GoMethods = (receiver) => {
  const name = receiver.kind === "struct" ? textOf(receiver.fields[0] ?? goString("")) : "";
  return new Map([
    ["IsNone", method(BOOL, () => goBool(name === "no" || name === ""))],
    ["IsAlways", method(BOOL, () => goBool(name === "always"))],
    ["IsOnFailure", method(BOOL, () => goBool(name === "on-failure"))],
    ["IsUnlessStopped", method(BOOL, () => goBool(name === "unless-stopped"))],
  ]);
};

/** The few of time.Time's methods that give numbers; its Format is not simulated. */
const TIME: GoMethods = (receiver) => {
  const text = receiver.kind === "struct" ? (receiver.custom?.text ?? "") : "";
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text);
  const part = (i: number): number => Number(match?.[i] ?? 0);
  const seconds = secondsOf(`${match?.[0]?.replace(" ", "T") ?? ""}Z`) ?? 0;
  const int64: GoType = { kind: "int", name: "int64" };
  return new Map([
    ["String", method(STRING, () => goString(text))],
    ["Unix", method(int64, () => goInt(Math.trunc(seconds), int64))],
    ["Year", method(INT, () => goInt(part(1)))],
    ["Day", method(INT, () => goInt(part(3)))],
    ["Hour", method(INT, () => goInt(part(4)))],
    ["Minute", method(INT, () => goInt(part(5)))],
    ["Second", method(INT, () => goInt(part(6)))],
    ["IsZero", method(BOOL, () => goBool(part(1) === 1))],
  ]);
};

const DURATION: GoMethods = (receiver) =>
  new Map([["String", method(STRING, () => goString(durationText(receiver.kind === "int" ? Number(receiver.value) : 0)))]]);

export const TYPES = new TypeTable(
  [CONTAINER_TYPES, NETWORK_TYPES, IMAGE_TYPES, SYSTEM_TYPES],
  new Map<string, GoMethods>([
    ["container.NetworkMode", NETWORK_MODE],
    ["nat.Port", PORT],
    ["time.Duration", DURATION],
    ["time.Time", TIME],
    ["container.RestartPolicy", RESTART_POLICY],
  ]),
);

/**
 * From a request line to a route of the table in `sim/api`: version in the path, patterns, and the answers of a router
 * that finds nothing.
 *
 * Modelled on moby's daemon/server/server.go, its version middleware, and gorilla/mux (paths are cleaned by a redirect).
 */

import { API_VERSION, MIN_API_VERSION, type Method, ROUTES, type RouteName } from "@/lib/sim/api";
import type { ServiceRequest, ServiceResponse } from "@/lib/sim/core/sys";
import { json, text, VERSION_HEADERS } from "./response";
import { ApiRequest, compareVersions, unescapeComponent } from "./request";

export type Match =
  | { readonly kind: "route"; readonly route: RouteName; readonly request: ApiRequest }
  | { readonly kind: "answer"; readonly response: ServiceResponse };

type Pattern = { readonly route: RouteName; readonly method: Method; readonly path: RegExp };

const PATTERNS: readonly Pattern[] = (Object.keys(ROUTES) as RouteName[]).map((route) => ({
  route,
  method: ROUTES[route].method,
  path: new RegExp(`^${ROUTES[route].path.replace(/\{\w+\}/, ROUTES[route].path === "/networks/{id}" ? "(.+)" : "(.*)")}$`, "s"),
}));

const PAGE_NOT_FOUND: ServiceResponse = {
  status: 404,
  headers: { "Content-Type": "application/json" },
  body: { kind: "text", text: '{"message":"page not found"}\n' },
};

export function match(request: ServiceRequest): Match {
  const mark = request.target.indexOf("?");
  const rawPath = mark < 0 ? request.target : request.target.slice(0, mark);
  const query = mark < 0 ? "" : request.target.slice(mark + 1);
  const path = unescapeComponent(rawPath);

  const clean = cleanPath(path);
  if (clean !== path)
    return answer({ status: 301, headers: { Location: `${clean}${query === "" ? "" : `?${query}`}` }, body: { kind: "none" } });

  const versioned = /^\/v([0-9.]+)(\/.*)$/s.exec(path);
  const version = versioned?.[1] ?? API_VERSION;
  const bare = versioned?.[2] ?? path;
  const found = find(request.method, bare === "/networks/" ? "/networks" : bare);
  if (!found) return answer(PAGE_NOT_FOUND);

  if (compareVersions(version, MIN_API_VERSION) < 0) {
    const message = `client version ${version} is too old. Minimum supported API version is ${MIN_API_VERSION}, please upgrade your client to a newer version`;
    // A client that old expects plain text.
    return answer({
      ...text(400, `${message}\n`),
      headers: { ...VERSION_HEADERS, "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
    });
  }
  if (compareVersions(version, API_VERSION) > 0) {
    const refused = json(400, { message: `client version ${version} is too new. Maximum supported API version is ${API_VERSION}` });
    return answer({ ...refused, headers: { ...VERSION_HEADERS, "Content-Type": "application/json" } });
  }
  return { kind: "route", route: found.route, request: new ApiRequest(request, { version, object: found.object, query }) };
}

function find(method: ServiceRequest["method"], path: string): { readonly route: RouteName; readonly object: string } | undefined {
  for (const pattern of PATTERNS) {
    if (pattern.method !== method) continue;
    const matched = pattern.path.exec(path);
    if (matched) return { route: pattern.route, object: matched[1] ?? "" };
  }
  return undefined;
}

/** Go's path.Clean, with the slash at the end kept. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}${path.endsWith("/") && parts.length > 0 ? "/" : ""}`;
}

function answer(response: ServiceResponse): Match {
  return { kind: "answer", response };
}

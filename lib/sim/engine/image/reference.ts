/**
 * Image references: `nginx`, `alpine:3.20`, `traefik/whoami@sha256:…`, `localhost:5000/x/y:z`.
 * Modelled on github.com/distribution/reference (normalisation, familiar names, its words for what is no reference).
 */

import { fail, ok, type Result } from "@/lib/base/result";

/** Normalised: `docker.io/library/nginx`. Without tag and digest it is a bare name. */
export type Reference = { readonly repository: string; readonly tag?: string; readonly digest?: string };

const INVALID = "invalid reference format";
const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const DOMAIN = "docker.io";

/** reference.ParseNormalizedNamed. */
export function parseReference(text: string): Result<Reference, string> {
  if (/^[a-f0-9]{64}$/.test(text)) {
    return fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  const hasTag = colon >= 0 && !named.slice(colon).includes("/");
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const name = hasTag ? named.slice(0, colon) : named;

  const { domain, path } = splitDomain(name);
  if (path.toLowerCase() !== path) return fail(`${INVALID}: repository name (${path}) must be lowercase`);
  if (!HOST.test(domain) || !path.split("/").every((part) => PATH_COMPONENT.test(part))) return fail(INVALID);
  if (tag !== undefined && !TAG.test(tag)) return fail(INVALID);
  if (digest !== undefined && !DIGEST.test(digest)) return fail(INVALID);
  if (path.length > 255) return fail("repository name must not be more than 255 characters");
  return ok({ repository: `${domain}/${path}`, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) });
}

/** With `latest` when it has neither tag nor digest (reference.TagNameOnly). */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** As people write it: without `docker.io/` and `library/`. */
export function familiarName(repository: string): string {
  const bare = repository.startsWith(`${DOMAIN}/`) ? repository.slice(DOMAIN.length + 1) : repository;
  return repository.startsWith(`${DOMAIN}/library/`) && !bare.slice(8).includes("/") ? bare.slice(8) : bare;
}

export function familiar(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${familiarName(reference.repository)}${tag}${digest}`;
}

/** The path within its registry: `library/nginx`, as `Pulling from …` shows it. */
export function pathOf(repository: string): string {
  return repository.slice(repository.indexOf("/") + 1);
}

/** reference.FamiliarMatch: a shell pattern against the familiar name with and without its tag. */
export function familiarMatch(pattern: string, reference: Reference): boolean {
  const glob = globToRegExp(pattern);
  return glob.test(familiar(reference)) || glob.test(familiarName(reference.repository));
}

function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isDomain = slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  const domain = isDomain ? (first === "index.docker.io" ? DOMAIN : first) : DOMAIN;
  const rest = isDomain ? name.slice(slash + 1) : name;
  return { domain, path: domain === DOMAIN && !rest.includes("/") ? `library/${rest}` : rest };
}

/** Go's path.Match: `*` and `?` stop at slashes. */
function globToRegExp(pattern: string): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end < 0) return /(?!)/;
      source += `[${pattern.slice(i + 1, end).replaceAll("\\", "\\\\")}]`;
      i = end;
    } else source += character.replace(/[\\^$.|+(){}\]]/g, "\\$&");
  }
  return new RegExp(`^${source}$`);
}

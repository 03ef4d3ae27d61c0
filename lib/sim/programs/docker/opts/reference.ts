/**
 * Names of images: `nginx`, `traefik/whoami:latest`, `docker.io/library/busybox@sha256:…`.
 *
 * Follows distribution/reference: what a short name stands for (`docker.io/library/`, `:latest`), what is refused, and how a
 * full name is shown short again.
 */

import { fail, ok, type Result } from "@/lib/base/result";

export type Reference = {
  /** With domain and path: `docker.io/library/nginx`. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
};

const DOMAIN =
  /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const INVALID = "invalid reference format";

/** ParseNormalizedNamed. */
export function parseReference(text: string): Result<Reference, string> {
  if (/^[a-f0-9]{64}$/.test(text)) return fail(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const { domain, rest } = splitDomain(text);
  const at = rest.indexOf("@");
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const tagged = at < 0 ? rest : rest.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  const tag = colon < 0 ? undefined : tagged.slice(colon + 1);
  const path = colon < 0 ? tagged : tagged.slice(0, colon);
  if (path.toLowerCase() !== path) return fail(`${INVALID}: repository name (${path}) must be lowercase`);
  if (!DOMAIN.test(domain) || !PATH.test(path)) return fail(INVALID);
  if (tag !== undefined && !TAG.test(tag)) return fail(INVALID);
  if (digest !== undefined && !DIGEST.test(digest)) return fail(INVALID);
  const name = `${domain}/${path}`;
  if (name.length > 255) return fail("repository name must not be more than 255 characters");
  return ok({ name, tag, digest });
}

/** ParseAnyReference: a full id or digest is a reference too, one without a name. */
export function parseAnyReference(text: string): Result<Reference | undefined, string> {
  if (/^[a-f0-9]{64}$/.test(text)) return ok(undefined);
  if (/^sha256:[a-f0-9]{64}$/.test(text)) return ok(undefined);
  return parseReference(text);
}

function splitDomain(text: string): { readonly domain: string; readonly rest: string } {
  const slash = text.indexOf("/");
  const first = slash < 0 ? "" : text.slice(0, slash);
  let domain = "docker.io";
  let rest = text;
  if (slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first)) {
    domain = first === "index.docker.io" ? "docker.io" : first;
    rest = text.slice(slash + 1);
  }
  if (domain === "docker.io" && !rest.includes("/")) rest = `library/${rest}`;
  return { domain, rest };
}

/** TagNameOnly: `latest` where there is neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: "latest" } : reference;
}

/** `docker.io/library/nginx` as `nginx`. */
export function familiarName(name: string): string {
  return name.replace(/^docker\.io\/(library\/(?=[^/]+$))?/, "");
}

/** The reference as people write it. */
export function familiarString(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return familiarName(reference.name) + tag + digest;
}

/** What the API takes as the `tag` of a pull: the digest, the tag, or `latest`. */
export function apiTag(reference: Reference): string {
  return reference.digest ?? withDefaultTag(reference).tag ?? "";
}

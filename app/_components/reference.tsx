import type { Source } from "@/lib/content";

/** A source as content names it (`docs:engine/network/_index.md#x`, `gh:moby/moby#32681`, `moby:daemon/x.go`), as a link. */
export function Reference({ reference, source }: { readonly reference: string; readonly source?: Source | undefined }) {
  const href = addressOf(reference, source);
  const text = source ? namedTitleOf(reference, source) : titleOf(reference);
  return href === undefined ? (
    <span>{text}</span>
  ) : (
    <a href={href} rel="noreferrer external">
      {text}
    </a>
  );
}

/** Repositories whose files are named by a word of ours, with the branch on which they are read. */
const FILES: Readonly<Record<string, string>> = {
  cli: "docker/cli/blob/master",
  moby: "moby/moby/blob/master",
  swarmkit: "moby/swarmkit/blob/master",
  "go-connections": "docker/go-connections/blob/main",
  linux: "torvalds/linux/blob/master",
};

/** Folders of docker/docs whose pages the site has no more. */
const FORMER_DOCS = /^(?:ee|network|registry|storage)\//;

/** `source`: its entry in the list, which knows where a page that the site no longer has can still be read. */
export function addressOf(reference: string, source?: Pick<Source, "commit">): string | undefined {
  const issue = /^gh:([\w.-]+\/[\w.-]+)#(\d+)$/.exec(reference);
  if (issue) return `https://github.com/${issue[1]}/issues/${issue[2]}`;
  const file = /^(?:gh:)?([\w.-]+\/[\w.-]+):([^#\s]+)(#.*)?$/.exec(reference);
  if (file) return `https://github.com/${file[1]}/blob/HEAD/${file[2]}${file[3] ?? ""}`;
  const [, kind, path = "", section = ""] = /^([\w-]+):([^#\s]+)(#\S+)?$/.exec(reference) ?? [];
  switch (kind) {
    case "docs":
      if (source?.commit !== undefined) return `https://github.com/docker/docs/blob/${source.commit}/${path}${section}`;
      return FORMER_DOCS.test(path) ? undefined : `https://docs.docker.com/${pageOf(path)}${section}`;
    case "kubernetes":
      return `https://kubernetes.io/${pageOf(path.replace(/^content\/en\//, ""))}${section}`;
    case "mirantis":
      return `https://docs.mirantis.com/${path}${section}`;
    case "rfc":
      return `https://www.rfc-editor.org/rfc/rfc${path}`;
    default: {
      const repository = kind === undefined ? undefined : FILES[kind];
      return repository === undefined ? undefined : `https://github.com/${repository}/${path}${section}`;
    }
  }
}

/** `engine/network/_index.md` → `engine/network/`. */
function pageOf(path: string): string {
  return path.replace(/(?:(?:^|\/)_?index)?\.md$/, "/");
}

/** `Docker docs, engine/network/drivers/overlay`: short enough to read, long enough to find. Without the list of sources. */
export function titleOf(reference: string): string {
  const docs = /^docs:([^#]+?)(?:\/_?index)?\.md(?:#.*)?$/.exec(reference);
  if (docs) return `Docker docs, ${docs[1]}`;
  const kubernetes = /^kubernetes:content\/en\/docs\/([^#]+?)(?:\/_index)?\.md(?:#.*)?$/.exec(reference);
  if (kubernetes) return `Kubernetes docs, ${kubernetes[1]}`;
  const rfc = /^rfc:(\d+)/.exec(reference);
  if (rfc) return `RFC ${rfc[1]}`;
  return reference
    .replace(/^gh:/, "")
    .replace(/^cli:/, "docker/cli:")
    .replace(/^moby:/, "moby/moby:")
    .replace(/^swarmkit:/, "moby/swarmkit:");
}

/** Under the title that it has in the list. */
export function namedTitleOf(reference: string, { at, title, era }: Pick<Source, "at" | "title" | "era">): string {
  const name = at.startsWith("docs:")
    ? `Docker docs, ${title}`
    : at.startsWith("kubernetes:")
      ? `Kubernetes docs, ${title}`
      : at.startsWith("gh:") && at.includes("#")
        ? `${at.slice("gh:".length)}: ${title}`
        : title;
  const section = reference.slice(at.length).replace(/^#/, "").replaceAll("-", " ").trim();
  return `${name}${section === "" ? "" : `, ${section}`}${era === "then" ? " (of the exam's time)" : ""}`;
}

/** A source as questions name it (`docs:engine/network/_index.md#x`, `gh:moby/moby#32681`, `moby/moby:daemon/x.go`), as a link. */
export function Reference({ reference }: { readonly reference: string }) {
  const href = addressOf(reference);
  const text = titleOf(reference);
  return href === undefined ? (
    <span>{text}</span>
  ) : (
    <a href={href} rel="noreferrer external">
      {text}
    </a>
  );
}

export function addressOf(reference: string): string | undefined {
  const docs = /^(?:docs:|docker\/docs:)(?:content\/manuals\/)?([^#]+?)(?:_?index)?\.md(#.*)?$/.exec(reference);
  if (docs) return `https://docs.docker.com/${(docs[1] ?? "").replace(/\/?$/, "/")}${docs[2] ?? ""}`;
  const issue = /^gh:([\w.-]+\/[\w.-]+)#(\d+)$/.exec(reference);
  if (issue) return `https://github.com/${issue[1]}/issues/${issue[2]}`;
  const cli = /^cli:(\S+)$/.exec(reference);
  if (cli) return `https://github.com/docker/cli/blob/master/${cli[1]}`;
  const file = /^(?:gh:)?([\w.-]+\/[\w.-]+):([^#\s]+)(#.*)?$/.exec(reference);
  if (file) return `https://github.com/${file[1]}/blob/HEAD/${file[2]}${file[3] ?? ""}`;
  return /^https?:\/\//.test(reference) ? reference : undefined;
}

/** `Docker docs, engine/network/drivers/overlay`: short enough to read, long enough to find. */
export function titleOf(reference: string): string {
  const docs = /^(?:docs:|docker\/docs:)(?:content\/manuals\/)?([^#]+?)(?:\/_?index)?\.md(?:#.*)?$/.exec(reference);
  return docs ? `Docker docs, ${docs[1]}` : reference.replace(/^gh:/, "").replace(/^cli:/, "docker/cli:");
}

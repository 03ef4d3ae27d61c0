/** URLs as curl and wget take them. */

export type HttpUrl = {
  readonly scheme: string;
  readonly user?: string;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the port was written in the URL. */
  readonly hasPort: boolean;
  /** Path and query; `/` when there is none. */
  readonly path: string;
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

/** `undefined` for what is no URL. A missing scheme is `http`. */
export function parseUrl(text: string): HttpUrl | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?(\[[0-9a-f:.]+\]|[^:/?#[\]]+)(?::(\d*))?(?=[/?#]|$)([^#]*)/i.exec(text);
  if (!match) return undefined;
  const [, scheme = "http", user, host = "", port, rest = ""] = match;
  const number = port ? Number(port) : (DEFAULT_PORTS[scheme.toLowerCase()] ?? 80);
  if (number > 65_535) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    ...(user === undefined ? {} : { user }),
    host: host.replace(/^\[|\]$/g, ""),
    port: number,
    hasPort: Boolean(port),
    path: rest === "" ? "/" : rest.startsWith("/") ? rest : `/${rest}`,
  };
}

/** The Host header: the port only where it is not the scheme's own. */
export function hostHeader(url: HttpUrl): string {
  const host = url.host.includes(":") ? `[${url.host}]` : url.host;
  return url.port === DEFAULT_PORTS[url.scheme] ? host : `${host}:${url.port}`;
}

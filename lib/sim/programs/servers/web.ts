/**
 * The web servers of the catalogue's images: nginx, Apache httpd, busybox httpd, traefik/whoami, the registry.
 *
 * They answer as the real ones do with their images' default configuration; configuration files are not read.
 */

import { datePartsOf, httpDate, MONTHS } from "@/lib/sim/core/calendar";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { utf8Length } from "@/lib/sim/net/length";
import type { NetSys, TcpConnection } from "@/lib/sim/kernel";
import { headerOf } from "../http/client";
import { contentTypeOf, findFile, type HttpAnswer, type HttpRequest, serveHttp } from "./http-server";
import { runTcpService } from "./tcp-server";

const NGINX = "nginx/1.27.5";

export function* nginx(sys: NetSys): Routine<number> {
  const argv = sys.argv.slice(1);
  if (argv.includes("-v") || argv.includes("-V")) {
    yield* complain(sys, `nginx version: ${NGINX}\n`);
    return 0;
  }
  if (argv.includes("-t")) {
    yield* complain(
      sys,
      "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n",
    );
    return 0;
  }
  if (argv.includes("-s")) {
    yield* complain(sys, `nginx: ${notSimulated("nginx -s")}\n`);
    return 1;
  }
  return yield* runTcpService(sys, {
    name: "nginx",
    ports: [80],
    endOn: { QUIT: 0, TERM: 0, INT: 0 },
    retries: 5,
    onRetry: (port, why) => `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: ${why})\n`,
    onTaken: () => ({ text: "nginx: [emerg] still could not bind()\n", status: 1 }),
    serve: (own, connection) =>
      serveHttp(own, connection, nginxAnswer, (request, answer) => print(own, accessLine(own, request, answer, connection, ' "-"'))),
  });
}

function nginxAnswer(sys: NetSys, request: HttpRequest): HttpAnswer {
  const base = [
    ["Server", NGINX],
    ["Date", httpDate(sys.dateMs)],
  ] as const;
  const page = (status: number, reason: string, more: readonly (readonly [string, string])[] = []): HttpAnswer => ({
    status,
    reason,
    headers: [...base, ["Content-Type", "text/html"], ...more],
    body: `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n<hr><center>${NGINX}</center>\r\n</body>\r\n</html>\r\n`,
  });
  if (request.method !== "GET" && request.method !== "HEAD") return page(405, "Not Allowed");
  const found = findFile(sys, "/usr/share/nginx/html", request.target);
  switch (found.kind) {
    case "file":
      return {
        status: 200,
        reason: "OK",
        headers: [
          ...base,
          ["Content-Type", contentTypeOf(found.path)],
          ["Last-Modified", httpDate(found.modifiedMs)],
          ["ETag", `"${Math.floor(found.modifiedMs / 1000).toString(16)}-${utf8Length(found.text).toString(16)}"`],
          ["Accept-Ranges", "bytes"],
        ],
        body: found.text,
      };
    case "directory":
      return page(301, "Moved Permanently", [["Location", `http://${headerOf(request.headers, "Host") ?? "localhost"}${found.location}`]]);
    case "forbidden":
      return page(403, "Forbidden");
    case "none":
      return page(404, "Not Found");
  }
}

export function* apache(sys: NetSys): Routine<number> {
  yield* complain(
    sys,
    "AH00558: httpd: Could not reliably determine the server's fully qualified domain name. Set the 'ServerName' directive globally to suppress this message\n",
  );
  return yield* runTcpService(sys, {
    name: "httpd",
    ports: [80],
    endOn: { TERM: 0, WINCH: 0, INT: 0 },
    onTaken: (port, why) => ({
      text: `(98)${why}: AH00072: make_sock: could not bind to address [::]:${port}\nno listening sockets available, shutting down\n`,
      status: 1,
    }),
    serve: (own, connection) =>
      serveHttp(own, connection, apacheAnswer, (request, answer) => print(own, accessLine(own, request, answer, connection, undefined))),
  });
}

function apacheAnswer(sys: NetSys, request: HttpRequest): HttpAnswer {
  const base = [
    ["Date", httpDate(sys.dateMs)],
    ["Server", "Apache/2.4.65 (Unix)"],
  ] as const;
  const found = findFile(sys, "/usr/local/apache2/htdocs", request.target);
  if (found.kind === "file") {
    return {
      status: 200,
      reason: "OK",
      headers: [
        ...base,
        ["Last-Modified", httpDate(found.modifiedMs)],
        ["ETag", `"${utf8Length(found.text).toString(16)}-${Math.floor(found.modifiedMs).toString(16)}"`],
        ["Accept-Ranges", "bytes"],
        ["Content-Type", contentTypeOf(found.path)],
      ],
      body: found.text,
    };
  }
  const [status, reason] =
    found.kind === "none"
      ? ([404, "Not Found"] as const)
      : found.kind === "forbidden"
        ? ([403, "Forbidden"] as const)
        : ([301, "Moved Permanently"] as const);
  const more =
    found.kind === "directory"
      ? ([["Location", `http://${headerOf(request.headers, "Host") ?? "localhost"}${found.location}`]] as const)
      : [];
  return {
    status,
    reason,
    headers: [...base, ...more, ["Content-Type", "text/html; charset=iso-8859-1"]],
    body: `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n</body></html>\n`,
  };
}

/** busybox's httpd applet (networking/httpd.c): `httpd -f -p PORT -h DIR`. */
export function* busyboxHttpd(sys: NetSys): Routine<number> {
  let port = 80;
  let address: Ip | undefined;
  let root = sys.cwd;
  let foreground = false;
  const argv = sys.argv.slice(1);
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? "";
    if (arg === "-f") foreground = true;
    else if (arg === "-v" || arg === "-vv") continue;
    else if (arg === "-p") {
      // [IP:]PORT, an IPv6 address in brackets.
      const [, ip, number] = /^(?:(.*):)?(\d+)$/.exec(argv[++i] ?? "") ?? [];
      port = Number(number ?? "80");
      address = ip === undefined ? undefined : parseIp(ip.replace(/^\[|\]$/g, ""));
    } else if (arg === "-h") root = argv[++i] ?? root;
    else {
      yield* complain(sys, `httpd: ${notSimulated(`httpd ${arg}`)}\n`);
      return 1;
    }
  }
  const serve = (own: NetSys): Routine<number> =>
    runTcpService(own, {
      name: "httpd",
      ports: [port],
      ...(address ? { address } : {}),
      endOn: { TERM: 143, INT: 130 },
      onTaken: (_, why) => ({ text: `httpd: bind: ${why}\n`, status: 1 }),
      serve: (self, connection) =>
        serveHttp(
          self,
          connection,
          (one, request) => busyboxAnswer(one, request, root),
          function* () {},
        ),
    });
  if (foreground) return yield* serve(sys);
  const spawned = sys.spawn({ image: { run: serve, name: "httpd" }, argv: sys.argv, group: "own" });
  return spawned.ok ? 0 : 1;
}

function busyboxAnswer(sys: NetSys, request: HttpRequest, root: string): HttpAnswer {
  const head = (type: string) =>
    [
      ["Date", httpDate(sys.dateMs)],
      ["Connection", "close"],
      ["Content-type", type],
    ] as const;
  const page = (status: number, reason: string, sentence: string): HttpAnswer => ({
    status,
    reason,
    headers: head("text/html"),
    body: `<HTML><HEAD><TITLE>${status} ${reason}</TITLE></HEAD>\n<BODY><H1>${status} ${reason}</H1>\n${sentence}\n</BODY></HTML>\n`,
  });
  if (request.method !== "GET" && request.method !== "HEAD") return page(501, "Not Implemented", "The requested method is not recognized");
  const found = findFile(sys, root, request.target);
  if (found.kind === "directory")
    return { status: 302, reason: "Found", headers: [...head("text/html"), ["Location", found.location]], body: "" };
  if (found.kind !== "file") return page(404, "Not Found", "The requested URL was not found");
  return {
    status: 200,
    reason: "OK",
    headers: [
      ...head(contentTypeOf(found.path)),
      ["Accept-Ranges", "bytes"],
      ["Last-Modified", httpDate(found.modifiedMs)],
      ["ETag", `"${Math.floor(found.modifiedMs / 1000).toString(16)}-${utf8Length(found.text).toString(16)}"`],
    ],
    body: found.text,
  };
}

/** traefik/whoami: tells what reached it, and from where. */
export function* whoami(sys: NetSys): Routine<number> {
  const port = Number(sys.env.get("WHOAMI_PORT_NUMBER") ?? "80");
  yield* complain(sys, `${logDate(sys.dateMs)} Starting up on port ${port}\n`);
  return yield* runTcpService(sys, {
    name: "whoami",
    ports: [port],
    endOn: { TERM: 143, INT: 130 },
    onTaken: (one, why) => ({ text: `${logDate(sys.dateMs)} listen tcp :${one}: bind: ${why.toLowerCase()}\n`, status: 1 }),
    serve: (own, connection) => serveHttp(own, connection, whoamiAnswer, function* () {}),
  });
}

function whoamiAnswer(sys: NetSys, request: HttpRequest, connection: TcpConnection): HttpAnswer {
  const addresses = sys.netns.links.addresses().map((address) => `IP: ${address.prefix.address}\n`);
  const name = sys.env.get("WHOAMI_NAME");
  const remote = connection.remote.address.includes(":") ? `[${connection.remote.address}]` : connection.remote.address;
  const headers = [...request.headers].sort(([a], [b]) => (a < b ? -1 : 1)).filter(([key]) => key.toLowerCase() !== "host");
  const body = `${name ? `Name: ${name}\n` : ""}Hostname: ${sys.hostname}\n${addresses.join("")}RemoteAddr: ${remote}:${connection.remote.port}\n${request.method} ${request.target} ${request.version}\nHost: ${headerOf(request.headers, "Host") ?? ""}\n${headers.map(([key, value]) => `${key}: ${value}\n`).join("")}\n`;
  return {
    status: 200,
    reason: "OK",
    headers: [
      ["Date", httpDate(sys.dateMs)],
      ["Content-Type", "text/plain; charset=utf-8"],
    ],
    body,
  };
}

/** The registry image (distribution): an empty one that speaks the first words of the Registry HTTP API v2. */
export function* registry(sys: NetSys): Routine<number> {
  const address = sys.env.get("REGISTRY_HTTP_ADDR") ?? ":5000";
  const port = Number(address.split(":").at(-1));
  const ip = parseIp(address.slice(0, address.lastIndexOf(":")));
  return yield* runTcpService(sys, {
    name: "registry",
    ports: [port],
    ...(ip ? { address: ip } : {}),
    endOn: { TERM: 0, INT: 130 },
    serve: (own, connection) =>
      serveHttp(
        own,
        connection,
        (_, request) => {
          const json = (status: number, reason: string, body: string): HttpAnswer => ({
            status,
            reason,
            headers: [
              ["Content-Type", "application/json; charset=utf-8"],
              ["Docker-Distribution-Api-Version", "registry/2.0"],
              ["Date", httpDate(own.dateMs)],
            ],
            body,
          });
          if (request.target === "/v2/" || request.target === "/v2") return json(200, "OK", "{}");
          if (request.target.startsWith("/v2/_catalog")) return json(200, "OK", '{"repositories":[]}\n');
          if (request.target.startsWith("/v2/"))
            return json(
              404,
              "Not Found",
              '{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{}}]}\n',
            );
          return {
            status: 404,
            reason: "Not Found",
            headers: [
              ["Content-Type", "text/plain; charset=utf-8"],
              ["Date", httpDate(own.dateMs)],
            ],
            body: "404 page not found\n",
          };
        },
        function* () {},
      ),
  });
}

/** The hello-world image's one program. */
export function* hello(sys: NetSys): Routine<number> {
  yield* print(
    sys,
    `
Hello from Docker!
This message shows that your installation appears to be working correctly.

To generate this message, Docker took the following steps:
 1. The Docker client contacted the Docker daemon.
 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.
    (amd64)
 3. The Docker daemon created a new container from that image which runs the
    executable that produces the output you are currently reading.
 4. The Docker daemon streamed that output to the Docker client, which sent it
    to your terminal.

To try something more ambitious, you can run an Ubuntu container with:
 $ docker run -it ubuntu bash

Share images, automate workflows, and more with a free Docker ID:
 https://hub.docker.com/

For more examples and ideas, visit:
 https://docs.docker.com/get-started/

`,
  );
  return 0;
}

/** The combined log format (nginx), or the common one (Apache) when `last` is absent. */
function accessLine(sys: NetSys, request: HttpRequest, answer: HttpAnswer, connection: TcpConnection, last: string | undefined): string {
  const d = datePartsOf(sys.dateMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${two(d.day)}/${MONTHS[d.month - 1]?.slice(0, 3)}/${d.year}:${two(d.hour)}:${two(d.minute)}:${two(d.second)} +0000`;
  const bytes = request.method === "HEAD" ? 0 : utf8Length(answer.body);
  const common = `${connection.remote.address.replace(/^::ffff:/, "")} - - [${date}] "${request.method} ${request.target} ${request.version}" ${answer.status} ${bytes}`;
  return last === undefined ? `${common}\n` : `${common} "-" "${headerOf(request.headers, "User-Agent") ?? "-"}"${last}\n`;
}

function logDate(ms: number): string {
  const d = datePartsOf(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${d.year}/${two(d.month)}/${two(d.day)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)}`;
}

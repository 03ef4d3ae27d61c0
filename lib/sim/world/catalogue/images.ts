/**
 * The catalogue of the simulated registry, as data: what each image exposes, runs, and holds besides its base.
 *
 * Configurations are those of the images as recorded. Sizes and ages are of the published images (autumn 2025), rounded;
 * ids and digests are made from the name, so that they are the same in every world.
 */

import { executable, type FileSpec } from "@/lib/sim/kernel";

export type CatalogueImage = {
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tags: readonly string[];
  readonly base: "busybox" | "netshoot";
  /** What `/etc/os-release` says; absent in busybox. */
  readonly osRelease?: string;
  /** Megabytes on disk. */
  readonly megabytes: number;
  /** Days before the worlds boot. */
  readonly ageDays: number;
  readonly exposes?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly volumes?: readonly string[];
  readonly workingDir?: string;
  readonly stopSignal?: string;
  readonly files?: readonly FileSpec[];
  /** Only in the registry, so that there is something left to pull on a host with all images. */
  readonly onlyInRegistry?: true;
};

const program = (path: string, key: string): FileSpec => ({ path, kind: "file", text: executable(key), mode: 0o755 });
const script = (path: string, text: string): FileSpec => ({ path, kind: "file", text, mode: 0o755 });
const file = (path: string, text: string): FileSpec => ({ path, kind: "file", text });
/** Entry points that only hand over to the command, as the real ones do when there is nothing to prepare. */
const handOver = (path: string): FileSpec => script(path, '#!/bin/sh\nset -e\nexec "$@"\n');

const ALPINE =
  'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.2\nPRETTY_NAME="Alpine Linux v3.22"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n';
const DEBIAN =
  'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nNAME="Debian GNU/Linux"\nVERSION_ID="13"\nVERSION="13 (trixie)"\nVERSION_CODENAME=trixie\nID=debian\n';
const UBUNTU =
  'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.3 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n';

const NGINX_PAGE = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

export const CATALOGUE: readonly CatalogueImage[] = [
  {
    repository: "docker.io/library/busybox",
    tags: ["latest", "1.36", "1.37"],
    base: "busybox",
    megabytes: 4.43,
    ageDays: 400,
    cmd: ["sh"],
  },
  {
    repository: "docker.io/library/alpine",
    tags: ["latest", "3", "3.20", "3.22"],
    base: "busybox",
    osRelease: ALPINE,
    megabytes: 8.31,
    ageDays: 89,
    cmd: ["/bin/sh"],
    files: [file("/etc/alpine-release", "3.22.2\n")],
  },
  {
    repository: "docker.io/library/ubuntu",
    tags: ["latest", "24.04", "22.04"],
    base: "busybox",
    osRelease: UBUNTU,
    megabytes: 78.1,
    ageDays: 95,
    cmd: ["/bin/bash"],
    files: [{ path: "/bin/bash", kind: "symlink", target: "sh" }],
  },
  {
    repository: "docker.io/library/nginx",
    tags: ["latest", "alpine", "1.27", "1.27-alpine", "stable"],
    base: "busybox",
    osRelease: DEBIAN,
    megabytes: 192,
    ageDays: 70,
    exposes: ["80/tcp"],
    entrypoint: ["/docker-entrypoint.sh"],
    cmd: ["nginx", "-g", "daemon off;"],
    stopSignal: "SIGQUIT",
    files: [
      handOver("/docker-entrypoint.sh"),
      program("/usr/sbin/nginx", "nginx/nginx"),
      file("/usr/share/nginx/html/index.html", NGINX_PAGE),
      file("/etc/nginx/nginx.conf", "events {}\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n"),
      file(
        "/etc/nginx/conf.d/default.conf",
        "server {\n    listen       80;\n    listen  [::]:80;\n    server_name  localhost;\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n",
      ),
    ],
  },
  {
    repository: "docker.io/library/httpd",
    tags: ["latest", "alpine", "2.4"],
    base: "busybox",
    osRelease: DEBIAN,
    megabytes: 117,
    ageDays: 66,
    exposes: ["80/tcp"],
    cmd: ["httpd-foreground"],
    workingDir: "/usr/local/apache2",
    stopSignal: "SIGWINCH",
    files: [
      script("/usr/local/bin/httpd-foreground", '#!/bin/sh\nset -e\nexec /usr/local/apache2/bin/httpd -DFOREGROUND "$@"\n'),
      program("/usr/local/apache2/bin/httpd", "httpd/httpd"),
      file("/usr/local/apache2/htdocs/index.html", "<html><body><h1>It works!</h1></body></html>\n"),
    ],
  },
  {
    repository: "docker.io/library/redis",
    tags: ["latest", "alpine", "7", "7-alpine"],
    base: "busybox",
    osRelease: DEBIAN,
    megabytes: 137,
    ageDays: 60,
    exposes: ["6379/tcp"],
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["redis-server"],
    volumes: ["/data"],
    workingDir: "/data",
    files: [
      handOver("/usr/local/bin/docker-entrypoint.sh"),
      program("/usr/local/bin/redis-server", "redis/redis-server"),
      program("/usr/local/bin/redis-cli", "redis/redis-cli"),
      { path: "/data", kind: "directory" },
    ],
  },
  {
    repository: "docker.io/library/postgres",
    tags: ["latest", "16", "16-alpine", "17"],
    base: "busybox",
    osRelease: DEBIAN,
    megabytes: 438,
    ageDays: 55,
    exposes: ["5432/tcp"],
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["postgres"],
    volumes: ["/var/lib/postgresql/data"],
    stopSignal: "SIGINT",
    files: [
      handOver("/usr/local/bin/docker-entrypoint.sh"),
      program("/usr/local/bin/postgres", "postgres/postgres"),
      program("/usr/local/bin/pg_isready", "postgres/pg_isready"),
      { path: "/var/lib/postgresql/data", kind: "directory" },
    ],
  },
  {
    repository: "docker.io/library/mysql",
    tags: ["latest", "8"],
    base: "busybox",
    osRelease: 'NAME="Oracle Linux Server"\nVERSION="9.6"\nID="ol"\nPRETTY_NAME="Oracle Linux Server 9.6"\n',
    megabytes: 783,
    ageDays: 62,
    exposes: ["3306/tcp", "33060/tcp"],
    entrypoint: ["docker-entrypoint.sh"],
    cmd: ["mysqld"],
    volumes: ["/var/lib/mysql"],
    files: [
      handOver("/usr/local/bin/docker-entrypoint.sh"),
      program("/usr/local/bin/mysqld", "mysql/mysqld"),
      { path: "/var/lib/mysql", kind: "directory" },
    ],
  },
  {
    repository: "docker.io/traefik/whoami",
    tags: ["latest"],
    base: "busybox",
    megabytes: 6.73,
    ageDays: 210,
    exposes: ["80/tcp"],
    entrypoint: ["/whoami"],
    files: [program("/whoami", "whoami/whoami")],
  },
  {
    repository: "docker.io/library/hello-world",
    tags: ["latest"],
    base: "busybox",
    megabytes: 0.01,
    ageDays: 160,
    cmd: ["/hello"],
    files: [program("/hello", "hello-world/hello")],
    onlyInRegistry: true,
  },
  {
    repository: "docker.io/nicolaka/netshoot",
    tags: ["latest"],
    base: "netshoot",
    osRelease: ALPINE,
    megabytes: 502,
    ageDays: 120,
    cmd: ["zsh"],
    workingDir: "/root",
  },
  {
    repository: "docker.io/library/registry",
    tags: ["latest", "2", "3"],
    base: "busybox",
    osRelease: ALPINE,
    megabytes: 57.7,
    ageDays: 150,
    exposes: ["5000/tcp"],
    entrypoint: ["/entrypoint.sh"],
    cmd: ["/etc/distribution/config.yml"],
    volumes: ["/var/lib/registry"],
    files: [
      script("/entrypoint.sh", '#!/bin/sh\nset -e\nexec registry serve "$@"\n'),
      program("/bin/registry", "registry/registry"),
      file("/etc/distribution/config.yml", "version: 0.1\nhttp:\n  addr: :5000\n"),
      { path: "/var/lib/registry", kind: "directory" },
    ],
  },
];

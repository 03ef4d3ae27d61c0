import type { NetProgram } from "@/lib/sim/kernel";
import { mysqld, pgIsReady, postgres, redisCli, redisServer } from "./data";
import { apache, busyboxHttpd, hello, nginx, registry, whoami } from "./web";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["nginx/nginx", nginx],
  ["httpd/httpd", apache],
  ["busybox/httpd", busyboxHttpd],
  ["whoami/whoami", whoami],
  ["hello-world/hello", hello],
  ["registry/registry", registry],
  ["redis/redis-server", redisServer],
  ["redis/redis-cli", redisCli],
  ["postgres/postgres", postgres],
  ["postgres/pg_isready", pgIsReady],
  ["mysql/mysqld", mysqld],
]);

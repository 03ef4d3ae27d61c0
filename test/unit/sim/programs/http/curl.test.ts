import { expect, test } from "vitest";
import { curl } from "@/lib/sim/programs/http/curl";
import { wget } from "@/lib/sim/programs/http/wget";
import { busyboxHttpd, nginx, whoami } from "@/lib/sim/programs/servers/web";
import { buildLan } from "@/test/support/lan";

// The words are those recorded from curl 8.23.0 and busybox 1.38 (wget) beside a real engine.

const PAGE = "<h1>Welcome</h1>\n";

function withServer() {
  const lan = buildLan();
  lan.node2.root.mnt.root.add([{ path: "/usr/share/nginx/html/index.html", kind: "file", text: PAGE }]);
  const server = lan.start(lan.node2, nginx, ["nginx", "-g", "daemon off;"]);
  lan.wait(1);
  return { lan, server };
}

test("a page is printed as it is", () => {
  const { lan } = withServer();

  expect(lan.run(lan.node1, curl, ["curl", "-s", "http://192.168.56.12"])).toEqual({ stdout: PAGE, stderr: "", status: 0 });
});

test("with -i the head comes first, with -I alone", () => {
  const { lan } = withServer();

  const whole = lan.run(lan.node1, curl, ["curl", "-si", "http://192.168.56.12"]).stdout;
  const head = lan.run(lan.node1, curl, ["curl", "-sI", "http://192.168.56.12"]).stdout;

  expect(whole).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.27\.5\r\n/);
  expect(whole.endsWith(`\r\n\r\n${PAGE}`)).toBe(true);
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(head).toMatch(/Content-Length: 17\r\n/);
  expect(head).not.toContain("Welcome");
});

test("a closed port, silence and an unknown name are three different failures", () => {
  const { lan } = withServer();

  expect(lan.run(lan.node1, curl, ["curl", "-sS", "http://192.168.56.12:99"])).toMatchObject({
    status: 7,
    stderr: expect.stringMatching(/^curl: \(7\) Failed to connect to 192\.168\.56\.12:99 after \d+ ms: Could not connect to server\n$/),
  });
  expect(lan.run(lan.node1, curl, ["curl", "-sS", "-m", "1", "http://192.168.56.99"])).toMatchObject({
    status: 28,
    stderr: "curl: (28) Connection timed out after 1001 milliseconds\n",
  });
  expect(lan.run(lan.node1, curl, ["curl", "http://nosuch.example"])).toEqual({
    stdout: "",
    stderr: "curl: (6) Could not resolve host: nosuch.example\n",
    status: 6,
  });
});

test("a missing page is a page, unless -f asks for a failure", () => {
  const { lan } = withServer();

  expect(lan.run(lan.node1, curl, ["curl", "-s", "http://192.168.56.12/nope"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("404 Not Found"),
  });
  expect(lan.run(lan.node1, curl, ["curl", "-sSf", "http://192.168.56.12/nope"])).toEqual({
    stdout: "",
    stderr: "curl: (22) The requested URL returned error: 404\n",
    status: 22,
  });
});

test("-o writes a file and -w tells about the transfer", () => {
  const { lan } = withServer();

  const outcome = lan.run(lan.node1, curl, [
    "curl",
    "-s",
    "-o",
    "/tmp/page",
    "-w",
    "%{http_code} %{size_download} %{remote_ip}\\n",
    "http://192.168.56.12/",
  ]);

  expect(outcome.stdout).toBe("200 17 192.168.56.12\n");
  expect(lan.node1.root.mnt.root.readFile("/tmp/page")).toEqual({ ok: true, value: PAGE });
});

test("unknown options, missing values and nothing at all get curl's own words", () => {
  const { lan } = withServer();
  const help = "curl: try 'curl --help' or 'curl --manual' for more information\n";

  expect(lan.run(lan.node1, curl, ["curl", "--nosuchflag"])).toEqual({
    stdout: "",
    stderr: `curl: option --nosuchflag: is unknown\n${help}`,
    status: 2,
  });
  expect(lan.run(lan.node1, curl, ["curl", "-m"])).toEqual({
    stdout: "",
    stderr: `curl: option -m: requires parameter\n${help}`,
    status: 2,
  });
  expect(lan.run(lan.node1, curl, ["curl"])).toEqual({ stdout: "", stderr: help, status: 2 });
});

test("what is real but not simulated says so in a voice of its own", () => {
  const { lan } = withServer();

  expect(lan.run(lan.node1, curl, ["curl", "--proxy", "x", "http://192.168.56.12"]).stderr).toBe(
    "drydock: curl --proxy is real, but not simulated here\n",
  );
});

test("nginx writes an access log with the address that reached it", () => {
  const { lan, server } = withServer();
  lan.run(lan.node1, curl, ["curl", "-s", "http://192.168.56.12/"]);

  expect(server().stdout).toMatch(
    /^192\.168\.56\.11 - - \[05\/Jan\/2026:09:\d\d:\d\d \+0000\] "GET \/ HTTP\/1\.1" 200 17 "-" "curl\/8\.23\.0" "-"\n$/,
  );
});

test("whoami tells who asked", () => {
  const lan = buildLan();
  lan.start(lan.node2, whoami, ["whoami"]);
  lan.wait(1);

  const { stdout } = lan.run(lan.node1, curl, ["curl", "-s", "http://192.168.56.12/a?b"]);

  expect(stdout).toMatch(/^Hostname: .*\nIP: 127\.0\.0\.1\n/);
  expect(stdout).toMatch(/\nRemoteAddr: (\[::ffff:)?192\.168\.56\.11\]?:\d+\nGET \/a\?b HTTP\/1\.1\nHost: 192\.168\.56\.12\n/);
});

test("busybox wget speaks as recorded", () => {
  const { lan } = withServer();
  const busybox = wget("busybox");

  expect(lan.run(lan.node1, busybox, ["wget", "-qO-", "http://192.168.56.12"])).toEqual({ stdout: PAGE, stderr: "", status: 0 });
  expect(lan.run(lan.node1, busybox, ["wget", "-O", "-", "http://192.168.56.12/"]).stderr).toBe(
    "Connecting to 192.168.56.12 (192.168.56.12:80)\nwriting to stdout\n-                    100% |********************************|    17  0:00:00 ETA\nwritten to stdout\n",
  );
  expect(lan.run(lan.node1, busybox, ["wget", "-q", "-O-", "http://192.168.56.12/nope"])).toEqual({
    stdout: "",
    stderr: "wget: server returned error: HTTP/1.1 404 Not Found\n",
    status: 1,
  });
  expect(lan.run(lan.node1, busybox, ["wget", "http://192.168.56.12:99"]).stderr).toBe(
    "Connecting to 192.168.56.12:99 (192.168.56.12:99)\nwget: can't connect to remote host (192.168.56.12): Connection refused\n",
  );
  expect(lan.run(lan.node1, busybox, ["wget", "-T", "1", "http://8.8.4.4/"]).status).toBe(1);
  expect(lan.run(lan.node1, busybox, ["wget", "http://nosuch/"]).stderr).toBe("wget: bad address 'nosuch'\n");
});

test("busybox httpd answers as recorded", () => {
  const lan = buildLan();
  lan.node2.root.mnt.root.add([{ path: "/srv/index.html", kind: "file", text: PAGE }]);
  lan.start(lan.node2, busyboxHttpd, ["httpd", "-f", "-p", "8000", "-h", "/srv"]);
  lan.wait(1);

  const missing = lan.run(lan.node1, curl, ["curl", "-si", "http://192.168.56.12:8000/nope"]).stdout;

  expect(missing).toContain(
    "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n",
  );
});

test("a server that listens on the loopback address only cannot be reached from outside", () => {
  const lan = buildLan();
  lan.start(lan.node2, busyboxHttpd, ["httpd", "-f", "-p", "127.0.0.1:8000", "-h", "/tmp"]);
  lan.wait(1);

  expect(lan.run(lan.node1, curl, ["curl", "-s", "http://192.168.56.12:8000/"]).status).toBe(7);
  expect(lan.run(lan.node2, curl, ["curl", "-s", "http://127.0.0.1:8000/"]).status).toBe(0);
});

test("nginx tries five times to bind to a port that is taken, says so, and ends", () => {
  const { lan } = withServer();

  const second = lan.run(lan.node2, nginx, ["nginx", "-g", "daemon off;"]);

  expect(second.status).toBe(1);
  expect(second.stderr).toBe(
    `${"nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n".repeat(5)}nginx: [emerg] still could not bind()\n`,
  );
});

/**
 * Which executables and system files a machine has: the Debian host, the busybox images, netshoot.
 *
 * An executable names its program (`package/applet`). One whose program is not registered is real but not simulated: it starts,
 * says so and fails (kernel/process/execute.ts). Files follow Debian sid and busybox 1.38 as on the recorded machines.
 */

import { executable, type FileSpec } from "@/lib/sim/kernel";

const COREUTILS =
  "[ arch b2sum base32 base64 basename cat chgrp chmod chown cksum comm cp csplit cut date dd df dir dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pr printenv printf pwd readlink realpath rm rmdir seq sha1sum sha256sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami yes";

/** Directory → package → names. */
const DEBIAN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/usr/bin": {
    coreutils: COREUTILS,
    busybox: "busybox",
    bash: "bash",
    grep: "grep egrep fgrep",
    sed: "sed",
    mawk: "awk mawk",
    findutils: "find xargs",
    diffutils: "cmp diff",
    hostname: "hostname dnsdomainname domainname",
    procps: "free kill pgrep pidof pkill ps pwdx tload top uptime vmstat w watch",
    psmisc: "killall pstree fuser",
    iproute2: "ip ss",
    iputils: "ping",
    iproute: "ctstat lnstat nstat",
    "net-tools": "netstat",
    bind: "dig host nslookup mdig nsupdate",
    curl: "curl",
    wget: "wget",
    "netcat-openbsd": "nc netcat nc.openbsd",
    traceroute: "traceroute traceroute6",
    tcpdump: "tcpdump",
    socat: "socat",
    iperf3: "iperf3",
    jq: "jq",
    docker: "docker docker-init containerd ctr runc",
    "util-linux":
      "nsenter unshare lsns more mount umount mountpoint findmnt flock dmesg logger lsblk lscpu rev setsid whereis taskset getopt",
    less: "less",
    vim: "vi vim",
    nano: "nano",
    libc: "getent getconf ldd locale iconv",
    ncurses: "clear tput reset",
    debianutils: "which run-parts",
    tar: "tar",
    gzip: "gzip gunzip zcat",
    perl: "perl",
    openssl: "openssl",
    apt: "apt apt-get apt-cache dpkg",
    systemd: "systemctl journalctl hostnamectl",
  },
  "/usr/sbin": {
    iproute2: "bridge ip tc rtmon",
    "net-tools": "arp ifconfig route",
    "bridge-utils": "brctl",
    iptables: "iptables ip6tables iptables-save ip6tables-save iptables-restore ip6tables-restore",
    nftables: "nft",
    ipset: "ipset",
    conntrack: "conntrack",
    ethtool: "ethtool",
    iputils: "arping",
    sysctl: "sysctl",
    docker: "dockerd docker-proxy",
    "util-linux": "chroot",
  },
};

/** Names whose program is another package's. */
const ALIASES: Readonly<Record<string, string>> = {
  "grep/egrep": "grep/egrep",
  "mawk/mawk": "mawk/awk",
  "netcat-openbsd/netcat": "netcat-openbsd/nc",
  "netcat-openbsd/nc.openbsd": "netcat-openbsd/nc",
  "vim/vim": "vim/vi",
  "sysctl/sysctl": "procps/sysctl",
};

const keyOf = (key: string): string => ALIASES[key] ?? key;

/** `busybox --list` of Debian's busybox-static 1.38. */
export const BUSYBOX_APPLETS: readonly string[] =
  "[ [[ acpid adjtimex ar arch arp arping ascii ash awk base64 basename bc blkdiscard blockdev brctl bunzip2 bzcat bzip2 cal cat chattr chgrp chmod chown chroot chvt clear cmp cp cpio crc32 crond crontab cttyhack cut date dc dd deallocvt depmod devmem df diff dirname dmesg dnsdomainname dos2unix dpkg dpkg-deb du dumpkmap dumpleases echo ed egrep env expand expr factor fallocate false fatattr fdisk fgrep find findfs fold free freeramdisk fsfreeze fstrim ftpget ftpput getfattr getopt getty grep groups gunzip gzip halt head hexdump hostid hostname httpd hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifup init insmod install ionice ip ipcalc kill killall klogd last less link linux32 linux64 linuxrc ln loadfont loadkmap logger login logname logread losetup ls lsattr lsblk lsmod lsscsi lzcat lzma lzop md5sum mdev microcom mim mkdir mkdosfs mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mt mv nameif nbd-client nc netstat nl nologin nproc nsenter nslookup nuke od openvt partprobe passwd paste patch pidof ping ping6 pivot_root poweroff printf ps pwd rdate readlink realpath reboot renice reset resize resume rev rm rmdir rmmod route rpm rpm2cpio run-init run-parts sed seq setkeycodes setpriv setsid sh sha1sum sha256sum sha384sum sha3sum sha512sum shred shuf sleep sort ssl_client ssl_server start-stop-daemon stat strings stty su sulogin svc svok swapoff swapon switch_root sync sysctl syslogd tac tail tar taskset tc tee telnet telnetd test tftp time timeout top touch tr traceroute traceroute6 true truncate ts tty tunctl ubirename udhcpc udhcpc6 udhcpd uevent umount uname uncompress unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode uuidgen vconfig vi vmstat w watch watchdog wc wget which who whoami xargs xxd xz xzcat yes zcat".split(
    " ",
  );

const PASSWD_DEBIAN = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
_apt:x:42:65534::/nonexistent:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
systemd-network:x:997:997:systemd Network Management:/:/usr/sbin/nologin
docker-registry:x:996:996:Docker Registry:/var/lib/docker-registry:/usr/sbin/nologin
tcpdump:x:995:995:tcpdump:/nonexistent:/usr/sbin/nologin
iperf3:x:101:101::/nonexistent:/usr/sbin/nologin
`;

const GROUP_DEBIAN = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
news:x:9:
uucp:x:10:
man:x:12:
proxy:x:13:
kmem:x:15:
dialout:x:20:
fax:x:21:
voice:x:22:
cdrom:x:24:
floppy:x:25:
tape:x:26:
sudo:x:27:
audio:x:29:
dip:x:30:
www-data:x:33:
backup:x:34:
operator:x:37:
list:x:38:
irc:x:39:
src:x:40:
shadow:x:42:
utmp:x:43:
video:x:44:
sasl:x:45:
plugdev:x:46:
staff:x:50:
games:x:60:
users:x:100:
nogroup:x:65534:
lpadmin:x:999:
systemd-journal:x:998:
systemd-network:x:997:
docker-registry:x:996:
tcpdump:x:995:
iperf3:x:101:
docker:x:994:
`;

const SERVICES = `ftp		21/tcp
ssh		22/tcp
telnet		23/tcp
smtp		25/tcp		mail
domain		53/tcp
domain		53/udp
http		80/tcp		www
ntp		123/udp
https		443/tcp
https		443/udp
mysql		3306/tcp
postgresql	5432/tcp	postgres
redis		6379/tcp
http-alt	8080/tcp	webcache
`;

const file = (path: string, text: string, mode?: number): FileSpec => ({
  path,
  kind: "file",
  text,
  ...(mode === undefined ? {} : { mode }),
});
const directory = (path: string, mode?: number): FileSpec => ({ path, kind: "directory", ...(mode === undefined ? {} : { mode }) });
const symlink = (path: string, target: string): FileSpec => ({ path, kind: "symlink", target });
const program = (path: string, key: string): FileSpec => file(path, executable(key), 0o755);

/** The host: Debian with Docker Engine. /etc/hostname, /etc/hosts and /etc/resolv.conf are the world's to write. */
export function debianFiles(): readonly FileSpec[] {
  return [
    ...[
      "usr/bin",
      "usr/sbin",
      "usr/lib",
      "usr/local/bin",
      "usr/local/sbin",
      "usr/libexec/docker/cli-plugins",
      "usr/share",
      "boot",
      "etc/docker",
      "home",
      "media",
      "mnt",
      "opt",
      "srv",
      "var/lib",
      "var/log",
      "var/tmp",
      "run/docker",
      "run/lock",
    ].map((path) => directory(`/${path}`)),
    directory("/root", 0o700),
    directory("/tmp", 0o1777),
    symlink("/bin", "usr/bin"),
    symlink("/sbin", "usr/sbin"),
    symlink("/lib", "usr/lib"),
    symlink("/var/run", "/run"),
    ...Object.entries(DEBIAN).flatMap(([folder, packages]) =>
      Object.entries(packages).flatMap(([name, list]) =>
        list.split(" ").map((one) => program(`${folder}/${one}`, keyOf(`${name}/${one}`))),
      ),
    ),
    program("/usr/libexec/docker/cli-plugins/docker-compose", "docker/docker-compose"),
    program("/usr/bin/dash", "dash/sh"),
    program("/usr/bin/sh", "dash/sh"),
    file("/etc/passwd", PASSWD_DEBIAN),
    file("/etc/group", GROUP_DEBIAN),
    file(
      "/etc/nsswitch.conf",
      "passwd:         files\ngroup:          files\nhosts:          files dns\nnetworks:       files\nservices:       files\n",
    ),
    file("/etc/services", SERVICES),
    file("/etc/protocols", "ip\t0\tIP\nicmp\t1\tICMP\ntcp\t6\tTCP\nudp\t17\tUDP\nesp\t50\tIPSEC-ESP\n"),
    file(
      "/etc/shells",
      "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/dash\n",
    ),
    file("/etc/issue", "Debian GNU/Linux forky/sid \\n \\l\n\n"),
    file("/etc/networks", "default\t\t0.0.0.0\nloopback\t127.0.0.0\nlink-local\t169.254.0.0\n\n"),
    file("/etc/host.conf", "multi on\n"),
    file("/etc/debian_version", "forky/sid\n"),
    file(
      "/etc/os-release",
      'PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\nVERSION_CODENAME=forky\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n',
    ),
    file("/etc/profile", "# Set up for every login shell.\n"),
    file("/root/.bashrc", "# What an interactive bash reads.\nalias ll='ls -l'\n"),
    file("/root/.profile", "# What a login shell reads.\n[ -f ~/.bashrc ] && . ~/.bashrc\n"),
  ];
}

/** What is in every image: one executable and a link for each applet, as `busybox --install` makes them. */
export function busyboxFiles(): readonly FileSpec[] {
  return [
    ...["bin", "etc", "home", "root", "run", "usr/bin", "usr/sbin", "var/www"].map((path) => directory(`/${path}`)),
    directory("/tmp", 0o1777),
    program("/bin/busybox", "busybox/busybox"),
    ...BUSYBOX_APPLETS.map((applet) => symlink(`/bin/${applet}`, "busybox")),
    symlink("/usr/bin/env", "../../bin/busybox"),
    file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"),
    file("/etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    file("/etc/nsswitch.conf", "hosts: files dns\n"),
  ];
}

/** Debian's network tools over busybox. */
const NETSHOOT: Readonly<Record<string, string>> = {
  "/usr/bin/arping": "iputils/arping",
  "/usr/bin/bash": "bash/bash",
  "/usr/bin/curl": "curl/curl",
  "/usr/bin/dig": "bind/dig",
  "/usr/bin/host": "bind/host",
  "/usr/bin/iperf3": "iperf3/iperf3",
  "/usr/bin/jq": "jq/jq",
  "/usr/bin/nc": "netcat-openbsd/nc",
  "/usr/bin/nslookup": "bind/nslookup",
  "/usr/bin/ping": "iputils/ping",
  "/usr/bin/socat": "socat/socat",
  "/usr/bin/ss": "iproute2/ss",
  "/usr/bin/tcpdump": "tcpdump/tcpdump",
  "/usr/sbin/bridge": "iproute2/bridge",
  "/usr/sbin/conntrack": "conntrack/conntrack",
  "/usr/sbin/ethtool": "ethtool/ethtool",
  "/usr/sbin/ip": "iproute2/ip",
  "/usr/sbin/ip6tables": "iptables/ip6tables",
  "/usr/sbin/ipset": "ipset/ipset",
  "/usr/sbin/iptables": "iptables/iptables",
  "/usr/sbin/iptables-restore": "iptables/iptables-restore",
  "/usr/sbin/iptables-save": "iptables/iptables-save",
  "/usr/sbin/nft": "nftables/nft",
  "/usr/sbin/tc": "iproute2/tc",
  "/usr/sbin/traceroute": "traceroute/traceroute",
};

export function netshootFiles(): readonly FileSpec[] {
  const replaced = new Set(Object.keys(NETSHOOT).map((path) => `/bin/${path.split("/").at(-1)}`));
  return [
    ...busyboxFiles().filter((spec) => !replaced.has(spec.path) && spec.path !== "/bin/sh"),
    ...Object.entries(NETSHOOT).map(([path, key]) => program(path, key)),
    symlink("/usr/bin/sh", "bash"),
    symlink("/bin/sh", "../usr/bin/bash"),
    symlink("/bin/zsh", "sh"),
    symlink("/lib", "usr/lib"),
    symlink("/lib64", "usr/lib64"),
    ...["usr/lib", "usr/lib64", "etc/ssl", "var/lib"].map((path) => directory(`/${path}`)),
  ];
}

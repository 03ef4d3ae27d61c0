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
    "util-linux": "nsenter unshare lsns more mount umount mountpoint findmnt flock dmesg logger lsblk lscpu rev setsid whereis taskset getopt",
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
    iproute2: "bridge tc rtmon",
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

const BUSYBOX =
  "[ [[ acpid adjtimex ar arch arp arping ascii ash awk base64 basename bc blkdiscard blockdev brctl bunzip2 bzcat bzip2 cal cat chattr chgrp chmod chown chroot chvt clear cmp cp cpio crc32 crond crontab cttyhack cut date dc dd deallocvt depmod devmem df diff dirname dmesg dnsdomainname dos2unix dpkg dpkg-deb du dumpkmap dumpleases echo ed egrep env expand expr factor fallocate false fatattr fdisk fgrep find fold free freeramdisk fsfreeze fstrim ftpget ftpput getopt getty grep groups gunzip gzip halt head hexdump hostid hostname httpd hwclock i2cdetect i2cdump i2cget i2cset id ifconfig ifdown ifup init insmod ionice ip ipcalc ipneigh kill killall klogd last less link linux32 linux64 linuxrc ln loadfont loadkmap logger login logname logread losetup ls lsmod lsscsi lzcat lzma lzop md5sum mdev microcom mim mkdir mkdosfs mke2fs mkfifo mknod mkpasswd mkswap mktemp modinfo modprobe more mount mt mv nameif nbd-client nc netstat nl nologin nproc nsenter nslookup nuke od openvt partprobe paste patch pidof ping ping6 pivot_root poweroff printf ps pwd rdate readlink realpath reboot renice reset resume rev rm rmdir rmmod route rpm rpm2cpio run-init run-parts sed seq setkeycodes setpriv setsid sh sha1sum sha256sum sha3sum sha512sum shred shuf sleep sort ssl_client start-stop-daemon stat static-sh strings stty su sulogin svc svok swapoff swapon switch_root sync sysctl syslogd tac tail tar taskset tc tee telnet test tftp time timeout top touch tr traceroute traceroute6 true truncate ts tty tunctl ubirename udhcpc udhcpd uevent umount uname uncompress unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime usleep uudecode uuencode vconfig vi w watch watchdog wc wget which who whoami xargs xxd xz xzcat yes zcat";

const PASSWD_DEBIAN = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
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

const file = (path: string, text: string, mode?: number): FileSpec => ({ path, kind: "file", text, ...(mode === undefined ? {} : { mode }) });
const directory = (path: string, mode?: number): FileSpec => ({ path, kind: "directory", ...(mode === undefined ? {} : { mode }) });
const symlink = (path: string, target: string): FileSpec => ({ path, kind: "symlink", target });
const program = (path: string, key: string): FileSpec => file(path, executable(key), 0o755);

/** The host: Debian with Docker Engine. /etc/hostname, /etc/hosts and /etc/resolv.conf are the world's to write. */
export function debianFiles(): readonly FileSpec[] {
  return [
    ...["usr/bin", "usr/sbin", "usr/lib", "usr/local/bin", "usr/local/sbin", "usr/share", "boot", "etc/docker", "home", "media", "mnt", "opt", "srv", "var/lib", "var/log", "var/tmp", "run/docker", "run/lock"].map((path) => directory(`/${path}`)),
    directory("/root", 0o700),
    directory("/tmp", 0o1777),
    symlink("/bin", "usr/bin"),
    symlink("/sbin", "usr/sbin"),
    symlink("/lib", "usr/lib"),
    symlink("/var/run", "/run"),
    ...Object.entries(DEBIAN).flatMap(([folder, packages]) =>
      Object.entries(packages).flatMap(([name, list]) => list.split(" ").map((one) => program(`${folder}/${one}`, keyOf(`${name}/${one}`)))),
    ),
    program("/usr/bin/dash", "dash/sh"),
    program("/usr/bin/sh", "dash/sh"),
    file("/etc/passwd", PASSWD_DEBIAN),
    file("/etc/group", "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\ndocker:x:998:\nnogroup:x:65534:\n"),
    file("/etc/nsswitch.conf", "passwd:         files\ngroup:          files\nhosts:          files dns\nnetworks:       files\nservices:       files\n"),
    file("/etc/services", SERVICES),
    file("/etc/protocols", "ip\t0\tIP\nicmp\t1\tICMP\ntcp\t6\tTCP\nudp\t17\tUDP\nesp\t50\tIPSEC-ESP\n"),
    file("/etc/host.conf", "multi on\n"),
    file("/etc/debian_version", "forky/sid\n"),
    file("/etc/os-release", 'PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\nVERSION_CODENAME=forky\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n'),
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
    ...BUSYBOX.split(" ").map((applet) => program(`/bin/${applet}`, `busybox/${applet}`)),
    program("/usr/bin/env", "busybox/env"),
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

/** Rules of every kind of bridge network, as a real engine (28.5.2) wrote them: what `iptables -S` printed. */

export const FILTER_V4 = `
-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-ISOLATION-STAGE-2
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER ! -i br-a -o br-a -j ACCEPT
-A DOCKER -o br-b -p icmp -j ACCEPT
-A DOCKER ! -i br-b -o br-b -j DROP
-A DOCKER ! -i br-c -o br-c -j DROP
-A DOCKER ! -i br-d -o br-d -j DROP
-A DOCKER ! -i br-e -o br-e -j DROP
-A DOCKER ! -i br-h -o br-h -j DROP
-A DOCKER ! -i br-i -o br-i -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-BRIDGE -o br-a -j DOCKER
-A DOCKER-BRIDGE -o br-b -j DOCKER
-A DOCKER-BRIDGE -o br-c -j DOCKER
-A DOCKER-BRIDGE -o br-d -j DOCKER
-A DOCKER-BRIDGE -o br-e -j DOCKER
-A DOCKER-BRIDGE -o br-h -j DOCKER
-A DOCKER-BRIDGE -o br-i -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-a -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-b -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-c -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-d -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-e -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-h -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-CT -o br-i -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-FORWARD -i br-a -j ACCEPT
-A DOCKER-FORWARD -i br-b -j ACCEPT
-A DOCKER-FORWARD -i br-c -j ACCEPT
-A DOCKER-FORWARD -i br-d -j ACCEPT
-A DOCKER-FORWARD -i br-e -j ACCEPT
-A DOCKER-FORWARD -i br-f -o br-f -j DROP
-A DOCKER-FORWARD -i br-g -o br-g -j ACCEPT
-A DOCKER-FORWARD -i br-h -j ACCEPT
-A DOCKER-FORWARD -i br-i -j ACCEPT
-A DOCKER-FORWARD -i br-j -o br-j -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 ! -s 10.10.0.0/24 -o br-j -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d 10.10.0.0/24 -i br-j -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -s 10.7.0.0/24 -o br-g -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d 10.7.0.0/24 -i br-g -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -s 10.6.0.0/24 -o br-f -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d 10.6.0.0/24 -i br-f -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i br-b -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -o br-b -j RETURN
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-a ! -o br-a -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-b ! -o br-b -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-c ! -o br-c -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-d ! -o br-d -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-e ! -o br-e -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-h ! -o br-h -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br-i ! -o br-i -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o br-i -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-h -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-e -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-d -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-c -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-b -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br-a -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
`;

export const NAT_V4 = `
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 10.9.0.0/24 ! -o br-i -j MASQUERADE
-A POSTROUTING -s 10.5.0.0/24 ! -o br-e -j MASQUERADE
-A POSTROUTING -s 10.4.0.0/24 ! -o br-d -j SNAT --to-source 192.168.56.11
-A POSTROUTING -s 10.3.0.0/24 ! -o br-c -j MASQUERADE
-A POSTROUTING -s 10.1.0.0/24 ! -o br-a -j MASQUERADE
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i br-i -j RETURN
-A DOCKER -i br-e -j RETURN
-A DOCKER -i br-d -j RETURN
-A DOCKER -i br-c -j RETURN
-A DOCKER -i br-b -j RETURN
-A DOCKER -i br-a -j RETURN
-A DOCKER -i docker0 -j RETURN
`;

export const FILTER_V6 = `
-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-ISOLATION-STAGE-2
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -o br-i -p ipv6-icmp -j ACCEPT
-A DOCKER ! -i br-i -o br-i -j DROP
-A DOCKER-BRIDGE -o br-i -j DOCKER
-A DOCKER-CT -o br-i -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i br-g -o br-g -j ACCEPT
-A DOCKER-FORWARD -i br-i -j ACCEPT
-A DOCKER-FORWARD -i br-j -o br-j -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 ! -s fd00:10::/64 ! -i br-j -o br-j -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d fd00:10::/64 -i br-j ! -o br-j -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i br-i -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -o br-i -j RETURN
-A DOCKER-ISOLATION-STAGE-1 ! -s fd00:7::/64 ! -i br-g -o br-g -j DROP
-A DOCKER-ISOLATION-STAGE-1 ! -d fd00:7::/64 -i br-g ! -o br-g -j DROP
-A DOCKER-ISOLATION-STAGE-1 -i br-i ! -o br-i -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o br-i -j DROP
`;

export const NAT_V6 = `
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d ::1/128 -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER -i br-i -j RETURN
`;

export const DOCKER_WITH_PORTS = `
-N DOCKER
-A DOCKER -d 10.3.0.2/32 ! -i br-c -o br-c -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 10.2.0.2/32 ! -i br-b -o br-b -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER ! -i br-a -o br-a -j ACCEPT
-A DOCKER -o br-b -p icmp -j ACCEPT
-A DOCKER ! -i br-b -o br-b -j DROP
-A DOCKER ! -i br-c -o br-c -j DROP
-A DOCKER ! -i br-d -o br-d -j DROP
-A DOCKER ! -i br-e -o br-e -j DROP
-A DOCKER ! -i br-h -o br-h -j DROP
-A DOCKER ! -i br-i -o br-i -j DROP
`;

export const NAT_V4_WITH_PORTS = `
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 10.9.0.0/24 ! -o br-i -j MASQUERADE
-A POSTROUTING -s 10.5.0.0/24 ! -o br-e -j MASQUERADE
-A POSTROUTING -s 10.4.0.0/24 ! -o br-d -j SNAT --to-source 192.168.56.11
-A POSTROUTING -s 10.3.0.0/24 ! -o br-c -j MASQUERADE
-A POSTROUTING -s 10.1.0.0/24 ! -o br-a -j MASQUERADE
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i br-i -j RETURN
-A DOCKER -i br-e -j RETURN
-A DOCKER -i br-d -j RETURN
-A DOCKER -i br-c -j RETURN
-A DOCKER -i br-b -j RETURN
-A DOCKER -i br-a -j RETURN
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i br-a -p tcp -m tcp --dport 8097 -j DNAT --to-destination 10.1.0.2:80
-A DOCKER ! -i br-c -p tcp -m tcp --dport 8099 -j DNAT --to-destination 10.3.0.2:80
`;

export const RAW_WITH_PORTS = `
-P PREROUTING ACCEPT
-P OUTPUT ACCEPT
-A PREROUTING -d 10.3.0.2/32 -i eth0 -j ACCEPT
-A PREROUTING -d 10.3.0.2/32 -i lo -j ACCEPT
-A PREROUTING -d 10.3.0.2/32 ! -i br-c -j DROP
`;

export const PROXIES = `
-proto tcp -host-ip 0.0.0.0 -host-port 8097 -container-ip 10.1.0.2 -container-port 80 -use-listen-fd
-proto tcp -host-ip 0.0.0.0 -host-port 8099 -container-ip 10.3.0.2 -container-port 80 -use-listen-fd
-proto tcp -host-ip :: -host-port 8097 -container-ip 10.1.0.2 -container-port 80 -use-listen-fd
-proto tcp -host-ip :: -host-port 8098 -container-ip 10.2.0.2 -container-port 80 -use-listen-fd
-proto tcp -host-ip :: -host-port 8099 -container-ip 10.3.0.2 -container-port 80 -use-listen-fd
`;

export const FILTER_V4_AFTER = `
-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-ISOLATION-STAGE-2
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER ! -i docker0 -o docker0 -j DROP
-A DOCKER-BRIDGE -o docker0 -j DOCKER
-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
`;

export const NAT_V4_AFTER = `
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
`;

export const RAW_AFTER = `
-P PREROUTING ACCEPT
-P OUTPUT ACCEPT
`;

export const FILTER_V6_AFTER = `
-P INPUT ACCEPT
-P FORWARD DROP
-P OUTPUT ACCEPT
-N DOCKER
-N DOCKER-BRIDGE
-N DOCKER-CT
-N DOCKER-FORWARD
-N DOCKER-ISOLATION-STAGE-1
-N DOCKER-ISOLATION-STAGE-2
-N DOCKER-USER
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
-A DOCKER-FORWARD -j DOCKER-BRIDGE
`;

export const NAT_V6_AFTER = `
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-N DOCKER
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d ::1/128 -m addrtype --dst-type LOCAL -j DOCKER
`;

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantAt } from "@/lib/sim/core/time";
import type { Ipv4 } from "@/lib/sim/net/address";
import { checksum, encodeFrame, encodePacket, frameLength } from "@/lib/sim/net/encode";
import type { Frame, Ipv4Packet, Tcp, UdpPayload } from "@/lib/sim/net/frame";
import { utf8Length } from "@/lib/sim/net/length";
import { BROADCAST, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import { encodePcap } from "@/lib/sim/net/pcap";

const ann = "02:42:ac:11:00:02" as Mac;
const [a, b] = ["172.17.0.1", "172.17.0.2"] as [Ipv4, Ipv4];
const packet = (payload: Ipv4Packet["payload"], rest: Partial<Ipv4Packet> = {}): Ipv4Packet => ({
  kind: "ipv4",
  source: a,
  destination: b,
  ttl: 64,
  tos: 0,
  id: 0xdd8e,
  dontFragment: true,
  payload,
  ...rest,
});
const frame = (payload: Frame["payload"]): Frame => ({ source: ann, destination: BROADCAST, payload });
const hex = (bytes: Iterable<number>): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const tcp = (rest: Partial<Tcp>): Tcp => ({
  kind: "tcp",
  sourcePort: 40_000,
  destinationPort: 80,
  sequence: 4_000_000_000,
  acknowledgement: 0,
  flags: { syn: true },
  window: 64_240,
  text: "",
  ...rest,
});

test("the IPv4 header of a recorded echo request comes out byte for byte", () => {
  const bytes = encodePacket(packet({ kind: "icmp", type: "echo-request", id: 983, sequence: 1, length: 56 }));

  expect(hex(bytes.slice(0, 20))).toBe("45000054dd8e4000400104f5ac110001ac110002");
  expect(hex(bytes.slice(20, 22))).toBe("0800");
  expect(checksum(bytes.slice(20))).toBe(0);
});

test("an ARP request has 42 bytes", () => {
  const bytes = encodeFrame(frame({ kind: "arp", operation: "request", senderMac: ann, senderIp: b, targetMac: NO_MAC, targetIp: a }));

  expect(hex(bytes)).toBe("ffffffffffff0242ac110002" + "0806" + "0001080006040001" + "0242ac110002ac110002" + "000000000000ac110001");
});

describe("lengths", () => {
  test("a SYN has 74 bytes and an acknowledgement 66, as on Linux", () => {
    const syn = frame(packet(tcp({ mss: 1_460, sackPermitted: true, windowScale: 7, timestamps: { value: 1, echo: 0 } })));
    const ack = frame(packet(tcp({ flags: { ack: true }, timestamps: { value: 1, echo: 2 } })));

    expect(frameLength(syn)).toBe(74);
    expect(encodeFrame(syn).length).toBe(74);
    expect(frameLength(ack)).toBe(66);
    expect(encodeFrame(ack).length).toBe(66);
  });

  test("recorded DNS messages have their recorded lengths", () => {
    const message = (
      name: string,
      answers: UdpPayload & { kind: "dns" } extends { message: infer M } ? (M extends { answers: infer A } ? A : never) : never,
    ): UdpPayload => ({
      kind: "dns",
      message: {
        id: 1,
        isResponse: true,
        recursionDesired: true,
        recursionAvailable: true,
        isAuthoritative: false,
        code: "NOERROR",
        question: { name, type: "A" },
        answers,
      },
    });
    const bytes = (payload: UdpPayload): number =>
      frameLength(frame(packet({ kind: "udp", sourcePort: 53, destinationPort: 1_024, payload }))) - 42;

    expect(bytes(message("dns.google", [{ type: "A", name: "dns.google", ttl: 60, address: "8.8.8.8" as Ipv4 }]))).toBe(44);
    expect(bytes(message("nosuch.example", []))).toBe(32);
    expect(bytes(message("c2", []))).toBe(20);
  });

  test("what is counted is what is encoded", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    const payload: fc.Arbitrary<Ipv4Packet["payload"]> = fc.oneof(
      text.map((value): Ipv4Packet["payload"] => tcp({ flags: { ack: true, psh: true }, text: value })),
      text.map((value): Ipv4Packet["payload"] => ({
        kind: "udp",
        sourcePort: 1,
        destinationPort: 2,
        payload: { kind: "text", text: value },
      })),
      fc.nat(3_000).map((length): Ipv4Packet["payload"] => ({ kind: "icmp", type: "echo-reply", id: 1, sequence: 2, length })),
      fc.nat(3_000).map((length): Ipv4Packet["payload"] => ({
        kind: "icmp",
        type: "time-exceeded",
        about: packet({ kind: "raw", protocol: 50, length }),
      })),
    );
    fc.assert(
      fc.property(payload, (value) => {
        expect(encodeFrame(frame(packet(value))).length).toBe(frameLength(frame(packet(value))));
      }),
    );
  });

  test("UTF-8 is counted as TextEncoder counts it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(utf8Length(value)).toBe(new TextEncoder().encode(value).length);
      }),
    );
  });
});

test("fragments hold the bytes of the whole, each once", () => {
  const whole = packet({ kind: "icmp", type: "echo-request", id: 1, sequence: 1, length: 3_000 }, { dontFragment: false });
  const piece = (offset: number, length: number, moreFragments: boolean): number[] =>
    encodePacket({ ...whole, fragment: { offset, length, moreFragments } }).slice(20);

  expect(hex([...piece(0, 1_480, true), ...piece(1_480, 1_480, true), ...piece(2_960, 48, false)])).toBe(
    hex(encodePacket(whole).slice(20)),
  );
});

test("transport checksums come out right", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = encodePacket(packet(tcp({ text, flags: { ack: true } }))).slice(20);
      const pseudo = [172, 17, 0, 1, 172, 17, 0, 2, 0, 6, bytes.length >> 8, bytes.length & 0xff];

      expect(checksum([...pseudo, ...bytes])).toBe(0);
    }),
  );
});

test("a capture file begins with libpcap's header and holds each frame with its time", () => {
  const one = frame({ kind: "arp", operation: "request", senderMac: ann, senderIp: b, targetMac: NO_MAC, targetIp: a });
  const bytes = encodePcap([{ at: instantAt(1_500_000), frame: one }]);

  expect(hex(bytes.slice(0, 24))).toBe("d4c3b2a1020004000000000000000000" + "00000400" + "01000000");
  expect(bytes.length).toBe(24 + 16 + 42);
  expect(new DataView(bytes.buffer).getUint32(24, true)).toBe(1_767_603_601);
  expect(new DataView(bytes.buffer).getUint32(28, true)).toBe(500_000);
});

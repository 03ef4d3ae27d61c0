/**
 * One TCP connection (RFC 9293): the handshake, the stream both ways, and the four ways to end.
 *
 * Modelled on net/ipv4/tcp_input.c, tcp_output.c, tcp_timer.c and tcp_minisocks.c: the numbers of retries and the time-outs
 * are Linux 6.x's (a SYN is repeated after 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s and given up after 131 s), lost segments are
 * sent again after a time-out or three duplicate acknowledgements, TIME-WAIT lasts a minute.
 *
 * It differs in that every segment is acknowledged at once, there is no congestion window (the receiver's window alone slows
 * a sender), no selective acknowledgement (though it is announced, as Linux does) and no keep-alive. The file is long
 * because the states share nearly all they do.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Timer } from "@/lib/sim/core/scheduler";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import { type Instant, seconds } from "@/lib/sim/core/time";
import type { Ipv4Packet, Tcp, TcpFlags } from "@/lib/sim/net/frame";
import { utf8Length } from "@/lib/sim/net/length";
import type { HeardError } from "./icmp";
import type { NetworkNamespace } from "./namespace";
import type { SocketAddress, SocketOwner, SocketView, TcpConnection, TcpState } from "./socket";
import { type InFlight, prefixOf, ReceiveBuffer, SendBuffer } from "./tcp-buffers";
import { distance, isAfter, plus } from "./tcp-sequence";
import { RetransmissionTimer } from "./tcp-timer";
import { headerLength } from "./transport";

export type ConnectionInit = {
  readonly netns: NetworkNamespace;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly initialSequence: number;
  /** Start of the IP identifications and of the time stamps' clock. */
  readonly firstId: number;
  readonly clockOffset: number;
  readonly owner: SocketOwner | undefined;
  /** Called once, when it can be read and written. False: the listener has no room. */
  readonly onEstablished: (connection: TcpEndpoint) => boolean;
  /** Called once, when nothing of it is left. */
  readonly onGone: (connection: TcpEndpoint) => void;
};

const TCP_HEADER = 20;
const TIMESTAMPS = 12;
const DEFAULT_MSS = 536;
const WINDOW_SCALE = 10;
/** The window is as many whole segments as this many bytes hold (tcp_select_initial_window). */
const WINDOW_SPACE = 65_535;
const SEND_BUFFER = 87_040;
const TIME_WAIT = seconds(60);

export class TcpEndpoint implements TcpConnection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  readonly readable = new WaitQueue();
  /** Woken when there may be room to write, and when the state changes. */
  readonly changed = new WaitQueue();
  readonly owner: SocketOwner | undefined;
  readonly #init: ConnectionInit;
  readonly #netns: NetworkNamespace;
  readonly #sending = new SendBuffer();
  readonly #receiving = new ReceiveBuffer();
  #state: TcpState = "CLOSED";
  #error: Errno | undefined;
  #nextId: number;
  #mss = DEFAULT_MSS;
  // Sending: oldest unacknowledged, next to send, the other side's window.
  #unacknowledged: number;
  #nextSequence: number;
  #peerWindow = 0;
  #peerScale = 0;
  #wantsFin = false;
  #finSent = false;
  #duplicates = 0;
  #recoverUntil: number | undefined;
  // Receiving.
  #expected = 0;
  #receiveLimit = WINDOW_SPACE;
  #advertised = 0;
  #finReceived = false;
  #hasOptions = false;
  #peerTimestamp = 0;
  // Time.
  readonly #timer: RetransmissionTimer;
  #retries = 0;
  #timeouts = 0;
  #endTimer: Timer | undefined;
  #isOrphan = false;
  #isGone = false;

  constructor(init: ConnectionInit) {
    this.#init = init;
    this.#netns = init.netns;
    this.local = init.local;
    this.remote = init.remote;
    this.owner = init.owner;
    this.#unacknowledged = init.initialSequence;
    this.#nextSequence = init.initialSequence;
    this.#nextId = init.firstId;
    const { scheduler, settings } = init.netns;
    this.#timer = new RetransmissionTimer(
      scheduler,
      () => settings.number("ipv4.tcp_rto_min_us"),
      () => this.#timedOut(),
    );
  }

  get state(): TcpState {
    return this.#state;
  }

  get error(): Errno | undefined {
    return this.#error;
  }

  get hasData(): boolean {
    return this.#receiving.bytes > 0 || this.#finReceived || this.#state === "CLOSED" || this.#error !== undefined;
  }

  // --- opening --------------------------------------------------------------------------------------------------------
  /** Sends the SYN. */
  open(): void {
    this.#state = "SYN-SENT";
    this.#receiveLimit = wholeSegments(this.#ownMss());
    this.#beginHandshake();
  }

  /** Answers a SYN. */
  answer(syn: Tcp): void {
    this.#state = "SYN-RECV";
    this.#learnOptions(syn);
    this.#receiveLimit = wholeSegments(this.#ownMss() - (this.#hasOptions ? TIMESTAMPS : 0));
    this.#expected = plus(syn.sequence, 1);
    this.#peerWindow = syn.window;
    this.#beginHandshake();
  }

  #beginHandshake(): void {
    this.#nextSequence = plus(this.#init.initialSequence, 1);
    this.#timer.sent(this.#nextSequence);
    this.#sendSyn();
    this.#timer.start();
  }

  // --- the program's side ---------------------------------------------------------------------------------------------
  *read(until?: Instant): Routine<Result<string, Errno>> {
    for (;;) {
      if (this.#receiving.bytes > 0) return ok(this.#take());
      const error = this.#takeError();
      if (error) return fail(error);
      if (this.#finReceived || this.#state === "CLOSED" || this.#isOrphan) return ok("");
      const wake = yield until === undefined ? { on: [this.readable] } : { on: [this.readable], until };
      if (wake.kind === "timeout" && !this.hasData) return fail("EAGAIN");
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  *write(text: string): Routine<Result<void, Errno>> {
    let rest = text;
    for (;;) {
      if (this.#state !== "ESTAB" && this.#state !== "CLOSE-WAIT") return fail(this.#takeError() ?? "EPIPE");
      if (this.#wantsFin) return fail("EPIPE");
      const part = prefixOf(rest, SEND_BUFFER - this.#sending.bytes);
      if (part.text !== "") {
        this.#sending.write(part.text, part.bytes);
        rest = rest.slice(part.text.length);
        this.#push();
      }
      if (rest === "") return DONE;
      const wake = yield { on: [this.changed] };
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  shutdownWrite(): void {
    if (this.#wantsFin || (this.#state !== "ESTAB" && this.#state !== "CLOSE-WAIT")) return;
    this.#wantsFin = true;
    this.#state = this.#state === "CLOSE-WAIT" ? "LAST-ACK" : "FIN-WAIT-1";
    this.#push();
  }

  close(): void {
    if (this.#isOrphan || this.#isGone) return;
    if (this.#state === "SYN-SENT" || this.#state === "CLOSED") return this.#finish();
    if (this.#receiving.bytes > 0) return this.abort();
    this.#isOrphan = true;
    this.shutdownWrite();
    if (this.#state === "FIN-WAIT-2") this.#endLater(this.#netns.settings.number("ipv4.tcp_fin_timeout"));
  }

  /** Ends it with a RST. */
  abort(): void {
    if (this.#isGone) return;
    if (this.#state !== "SYN-SENT" && this.#state !== "CLOSED" && this.#state !== "TIME-WAIT") {
      this.#transmit({ sequence: this.#nextSequence, flags: { rst: true, ack: true }, text: "" });
    }
    this.#finish();
  }

  /** The namespace goes away. */
  vanish(): void {
    this.#error ??= "ENETDOWN";
    this.#finish();
  }

  // --- the network's side ---------------------------------------------------------------------------------------------
  /** False: the segment belongs to a new connection of the listener's. */
  receive(segment: Tcp): boolean {
    if (segment.timestamps && (this.#state === "SYN-SENT" || segment.sequence === this.#expected))
      this.#peerTimestamp = segment.timestamps.value;
    if (this.#state === "CLOSED") return true;
    if (this.#state === "SYN-SENT") {
      this.#receiveInSynSent(segment);
      return true;
    }
    const { flags } = segment;
    if (this.#state === "TIME-WAIT" && flags.syn && !flags.ack && isAfter(segment.sequence, this.#expected)) {
      this.#finish();
      return false;
    }
    const length = utf8Length(segment.text);
    if (!this.#isAcceptable(segment, length)) {
      if (this.#state === "SYN-RECV" && flags.syn) this.#sendSyn();
      else if (!flags.rst) this.#acknowledge();
      return true;
    }
    if (flags.rst) {
      if (segment.sequence === this.#expected) this.#reset();
      else this.#acknowledge();
      return true;
    }
    if (flags.syn) {
      this.#acknowledge();
      return true;
    }
    if (!flags.ack) return true;
    if (this.#state === "SYN-RECV" && !this.#completeHandshake(segment)) return true;
    this.#receiveAcknowledgement(segment, length);
    if (!this.#isGone) this.#receiveText(segment, length);
    return true;
  }

  heardError(error: HeardError): void {
    if (error.name === "fragmentation-needed") {
      if (error.mtu !== undefined) this.#shrink(error.mtu);
      return;
    }
    // Later on they may pass; until then the retransmissions decide.
    if (this.#state === "SYN-SENT" || this.#state === "SYN-RECV") this.#die(error.errno);
  }

  view(): SocketView {
    return {
      protocol: "tcp",
      state: this.#state,
      local: this.local,
      remote: this.remote,
      receiveQueue: this.#receiving.bytes,
      sendQueue: this.#sending.bytes,
      ...(this.owner && !this.#isOrphan ? { owner: this.owner } : {}),
    };
  }

  #receiveInSynSent(segment: Tcp): void {
    const { flags } = segment;
    const isAnswer = flags.ack === true && segment.acknowledgement === this.#nextSequence;
    if (flags.ack && !isAnswer) {
      if (!flags.rst) this.#transmit({ sequence: segment.acknowledgement, flags: { rst: true }, text: "" });
      return;
    }
    if (flags.rst) {
      if (isAnswer) this.#die("ECONNREFUSED");
      return;
    }
    if (!flags.syn) return;
    this.#learnOptions(segment);
    this.#expected = plus(segment.sequence, 1);
    this.#peerWindow = segment.window;
    if (!isAnswer) {
      // Both sides opened at once.
      this.#state = "SYN-RECV";
      this.#sendSyn();
      return;
    }
    this.#unacknowledged = segment.acknowledgement;
    this.#timer.measure(segment.acknowledgement);
    this.#stopTimer();
    this.#state = "ESTAB";
    this.#init.onEstablished(this);
    this.#acknowledge();
    this.changed.wake();
  }

  #completeHandshake(segment: Tcp): boolean {
    if (segment.acknowledgement !== this.#nextSequence) {
      this.#transmit({ sequence: segment.acknowledgement, flags: { rst: true }, text: "" });
      return false;
    }
    if (!this.#init.onEstablished(this)) return false;
    this.#state = "ESTAB";
    this.#unacknowledged = segment.acknowledgement;
    this.#peerWindow = segment.window * 2 ** this.#peerScale;
    this.#timer.measure(segment.acknowledgement);
    this.#stopTimer();
    this.changed.wake();
    return true;
  }

  #receiveAcknowledgement(segment: Tcp, length: number): void {
    const { acknowledgement } = segment;
    if (isAfter(acknowledgement, this.#nextSequence)) return this.#acknowledge();
    const window = segment.window * 2 ** this.#peerScale;
    const progress = distance(acknowledgement, this.#unacknowledged);
    if (progress > 0) {
      this.#unacknowledged = acknowledgement;
      const finDone = this.#sending.acknowledge(acknowledgement);
      this.#timer.measure(acknowledgement);
      this.#duplicates = 0;
      this.#retries = 0;
      this.#timer.settle();
      this.#restartTimer();
      this.#confirmNeighbour();
      this.#peerWindow = window;
      if (this.#recoverUntil !== undefined) {
        if (isAfter(this.#recoverUntil, acknowledgement)) this.#sendAgain();
        else this.#recoverUntil = undefined;
      }
      if (finDone) this.#finAcknowledged();
      this.changed.wake();
    } else if (progress === 0) {
      const isDuplicate = length === 0 && segment.flags.fin === undefined && window === this.#peerWindow && this.#sending.isInFlight;
      this.#peerWindow = window;
      if (isDuplicate && ++this.#duplicates === 3) {
        this.#recoverUntil = this.#nextSequence;
        this.#sendAgain();
      }
    }
    if (!this.#isGone) this.#push();
  }

  #receiveText(segment: Tcp, length: number): void {
    const fin = segment.flags.fin === true;
    if (length === 0 && !fin) return;
    // Nobody will read it: Linux says so with a RST.
    if (length > 0 && this.#isOrphan && isAfter(plus(segment.sequence, length), this.#expected)) return this.abort();
    if (this.#finReceived) return this.#acknowledge();
    const before = this.#expected;
    // What was received before is cut off.
    const known = Math.max(distance(this.#expected, segment.sequence), 0);
    const text = known === 0 ? segment.text : segment.text.slice(prefixOf(segment.text, known).text.length);
    const { next, ended } = this.#receiving.accept(plus(segment.sequence, known), text, length - known, fin, this.#expected);
    this.#expected = next;
    if (ended) this.#finReceived = true;
    this.#acknowledge();
    if (ended) this.#peerFinished();
    if (next !== before) this.readable.wake();
  }

  #peerFinished(): void {
    switch (this.#state) {
      case "ESTAB":
        this.#state = "CLOSE-WAIT";
        break;
      case "FIN-WAIT-1":
        this.#state = "CLOSING";
        break;
      case "FIN-WAIT-2":
        this.#enterTimeWait();
        break;
      default:
        break;
    }
    this.changed.wake();
  }

  #finAcknowledged(): void {
    switch (this.#state) {
      case "FIN-WAIT-1":
        this.#state = "FIN-WAIT-2";
        if (this.#isOrphan) this.#endLater(this.#netns.settings.number("ipv4.tcp_fin_timeout"));
        break;
      case "CLOSING":
        return this.#enterTimeWait();
      case "LAST-ACK":
        return this.#finish();
      default:
        break;
    }
  }

  #enterTimeWait(): void {
    this.#state = "TIME-WAIT";
    this.#stopTimer();
    this.#endLater(TIME_WAIT / 1_000_000);
  }

  #endLater(afterSeconds: number): void {
    this.#endTimer?.cancel();
    this.#endTimer = this.#netns.scheduler.after(seconds(afterSeconds), () => this.#finish());
  }

  #reset(): void {
    const refused = this.#state === "SYN-RECV" ? "ECONNREFUSED" : this.#state === "CLOSE-WAIT" ? "EPIPE" : "ECONNRESET";
    this.#die(refused);
  }

  #die(error: Errno): void {
    this.#error = error;
    this.#finish();
  }

  #finish(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#state = "CLOSED";
    this.#stopTimer();
    this.#endTimer?.cancel();
    this.#sending.clear();
    this.#init.onGone(this);
    this.readable.wake();
    this.changed.wake();
  }

  #takeError(): Errno | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  #take(): string {
    const text = this.#receiving.take();
    // The sender may have stopped for lack of room: tell it.
    const room = this.#receiveLimit;
    const isOpen = this.#state === "ESTAB" || this.#state === "FIN-WAIT-1" || this.#state === "FIN-WAIT-2";
    if (isOpen && this.#advertised < room / 2) this.#acknowledge();
    return text;
  }

  /** RFC 9293, 3.10.7.4: some of it is new and within the window. */
  #isAcceptable(segment: Tcp, length: number): boolean {
    const end = plus(segment.sequence, length + (segment.flags.syn ? 1 : 0) + (segment.flags.fin ? 1 : 0));
    if (distance(end, this.#expected) < 0) return false;
    if (end === this.#expected && end !== segment.sequence) return false;
    return distance(segment.sequence, plus(this.#expected, Math.max(this.#receiveLimit, 1))) < 0;
  }

  #learnOptions(syn: Tcp): void {
    this.#mss = syn.mss ?? DEFAULT_MSS;
    this.#peerScale = syn.windowScale ?? 0;
    this.#hasOptions = syn.timestamps !== undefined;
    if (syn.timestamps) this.#peerTimestamp = syn.timestamps.value;
  }

  #confirmNeighbour(): void {
    const route = this.#route();
    if (route.ok && route.value.type === "unicast") this.#netns.neighbours.confirm(route.value.out, route.value.nextHop);
  }

  // --- sending --------------------------------------------------------------------------------------------------------
  /** Sends what the other side's window has room for, then the FIN. */
  #push(): void {
    if (this.#state === "SYN-SENT" || this.#state === "SYN-RECV" || this.#isGone) return;
    const limit = this.#segmentSize();
    while (this.#sending.hasUnsent) {
      const room = this.#peerWindow - distance(this.#nextSequence, this.#unacknowledged);
      const segment = this.#sending.next(this.#nextSequence, Math.min(limit, room));
      if (!segment) break;
      this.#nextSequence = plus(this.#nextSequence, segment.length);
      this.#timer.sent(this.#nextSequence);
      this.#sendSegment(segment);
    }
    if (this.#wantsFin && !this.#finSent && !this.#sending.hasUnsent) {
      this.#finSent = true;
      const fin = this.#sending.sendFin(this.#nextSequence);
      this.#nextSequence = plus(this.#nextSequence, 1);
      this.#sendSegment(fin);
      this.changed.wake();
    }
    if (this.#sending.isInFlight || this.#sending.hasUnsent) this.#timer.start();
  }

  #segmentSize(): number {
    const route = this.#route();
    const mtu = route.ok ? route.value.mtu : 1_500;
    return Math.max(Math.min(this.#mss, mtu - headerLength(this.remote.address) - TCP_HEADER) - (this.#hasOptions ? TIMESTAMPS : 0), 1);
  }

  #shrink(mtu: number): void {
    const size = mtu - headerLength(this.remote.address) - TCP_HEADER;
    if (size >= this.#mss || this.#state === "SYN-SENT") return;
    this.#mss = size;
    if (this.#sending.recut()) this.#finSent = false;
    this.#nextSequence = this.#unacknowledged;
    this.#timer.forgetSample();
    this.#push();
  }

  #sendSyn(): void {
    const flags: TcpFlags = this.#state === "SYN-SENT" ? { syn: true } : { syn: true, ack: true };
    this.#transmit({ sequence: this.#init.initialSequence, flags, text: "" });
  }

  #sendSegment(segment: InFlight): void {
    const flags: TcpFlags = segment.isFin ? { fin: true, ack: true } : segment.isLastOfWrite ? { psh: true, ack: true } : { ack: true };
    this.#transmit({ sequence: segment.sequence, flags, text: segment.text });
  }

  #sendAgain(): void {
    const { first } = this.#sending;
    if (!first) return;
    this.#timer.forgetSample();
    this.#sendSegment(first);
    this.#restartTimer();
  }

  #acknowledge(): void {
    this.#transmit({ sequence: this.#nextSequence, flags: { ack: true }, text: "" });
  }

  #transmit(part: { readonly sequence: number; readonly flags: TcpFlags; readonly text: string }): void {
    const { flags } = part;
    const free = Math.max(this.#receiveLimit - this.#receiving.bytes, 0);
    const isSyn = flags.syn === true;
    const scale = isSyn || this.#peerScale === 0 ? 0 : WINDOW_SCALE;
    const window = Math.min(Math.ceil(free / 2 ** scale), 65_535);
    this.#advertised = free;
    const withTimestamps = isSyn ? flags.ack !== true || this.#hasOptions : this.#hasOptions;
    const isPlainReset = flags.rst === true && flags.ack !== true;
    const payload: Tcp = {
      kind: "tcp",
      sourcePort: this.local.port,
      destinationPort: this.remote.port,
      sequence: part.sequence,
      acknowledgement: flags.ack ? this.#expected : 0,
      flags,
      window: isPlainReset ? 0 : window,
      ...(isSyn
        ? {
            mss: this.#ownMss(),
            ...(flags.ack && this.#peerScale === 0 ? {} : { windowScale: WINDOW_SCALE }),
            sackPermitted: true as const,
          }
        : {}),
      ...(withTimestamps && !isPlainReset ? { timestamps: { value: this.#clock(), echo: flags.ack ? this.#peerTimestamp : 0 } } : {}),
      text: part.text,
    };
    const outgoing = {
      destination: this.remote.address,
      source: this.local.address,
      payload,
      dontFragment: true,
      id: flags.syn && flags.ack ? 0 : this.#takeId(),
    };
    this.#netns.transport.send(outgoing);
  }

  #ownMss(): number {
    const route = this.#route();
    return (route.ok ? Math.min(route.value.mtu, 65_535) : 1_500) - headerLength(this.remote.address) - TCP_HEADER;
  }

  #route(): ReturnType<NetworkNamespace["transport"]["route"]> {
    return this.#netns.transport.route(this.remote.address, { source: this.local.address });
  }

  #takeId(): Ipv4Packet["id"] {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return id;
  }

  /** Milliseconds, from an offset that differs from one connection to the next. */
  #clock(): number {
    return (this.#init.clockOffset + Math.floor(this.#netns.scheduler.now / 1_000)) >>> 0;
  }

  // --- time -----------------------------------------------------------------------------------------------------------
  #stopTimer(): void {
    this.#retries = 0;
    this.#timer.stop();
  }

  #restartTimer(): void {
    if (this.#sending.isInFlight || this.#sending.hasUnsent) this.#timer.restart();
    else this.#timer.rest();
  }

  #timedOut(): void {
    if (this.#retries >= this.#allowedRetries()) return this.#die("ETIMEDOUT");
    this.#retries++;
    this.#timeouts++;
    const { first } = this.#sending;
    if (this.#state === "SYN-SENT" || this.#state === "SYN-RECV") {
      this.#timer.forgetSample();
      this.#sendSyn();
    } else if (first) {
      this.#timer.forgetSample();
      this.#recoverUntil = this.#nextSequence;
      this.#sendSegment(first);
    } else if (this.#sending.hasUnsent) {
      // The window is closed: an old byte is sent to hear whether it still is. Being told so is an answer.
      this.#transmit({ sequence: plus(this.#unacknowledged, -1), flags: { ack: true }, text: "" });
      this.#retries = 0;
    } else return;
    const isLinear = this.#state === "SYN-SENT" && this.#timeouts <= this.#netns.settings.number("ipv4.tcp_syn_linear_timeouts");
    if (!isLinear) this.#timer.backOff();
    this.#timer.restart();
  }

  #allowedRetries(): number {
    const { settings } = this.#netns;
    switch (this.#state) {
      case "SYN-SENT":
        return settings.number("ipv4.tcp_syn_retries") + settings.number("ipv4.tcp_syn_linear_timeouts");
      case "SYN-RECV":
        return settings.number("ipv4.tcp_synack_retries");
      default:
        return this.#isOrphan ? 8 : settings.number("ipv4.tcp_retries2");
    }
  }
}

function wholeSegments(size: number): number {
  return Math.max(Math.floor(WINDOW_SPACE / size), 1) * size;
}

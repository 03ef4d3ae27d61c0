/**
 * What signals do to one process: signal(7). Follows Linux's kernel/signal.c as far as a program without handlers code of
 * its own can tell. Differs: signals are not queued with data, there is no sigprocmask; a caught signal ends one wait.
 */

import type { SignalName } from "@/lib/sim/core/signal";

export type DefaultAction = "terminate" | "ignore" | "stop" | "continue";

/** The default action of each signal. */
export function defaultAction(signal: SignalName): DefaultAction {
  switch (signal) {
    case "CHLD":
    case "URG":
    case "WINCH":
      return "ignore";
    case "STOP":
    case "TSTP":
    case "TTIN":
    case "TTOU":
      return "stop";
    case "CONT":
      return "continue";
    default:
      return "terminate";
  }
}

export type Disposition = "default" | "ignored" | "caught";

export class Signals {
  readonly #dispositions = new Map<SignalName, Exclude<Disposition, "default">>();
  /** Caught and not yet taken; `told` once a wait has been ended for it. */
  #pending: { readonly signal: SignalName; told: boolean }[] = [];

  disposition(signal: SignalName): Disposition {
    return this.#dispositions.get(signal) ?? "default";
  }

  /** KILL and STOP cannot be caught or ignored. */
  set(signal: SignalName, disposition: Disposition): void {
    if (signal === "KILL" || signal === "STOP") return;
    if (disposition === "default") this.#dispositions.delete(signal);
    else this.#dispositions.set(signal, disposition);
    if (disposition !== "caught") this.#pending = this.#pending.filter((one) => one.signal !== signal);
  }

  /** A caught signal arrived. Standard signals are pending once. */
  add(signal: SignalName): void {
    if (!this.#pending.some((one) => one.signal === signal && !one.told)) this.#pending.push({ signal, told: false });
  }

  /** A pending signal for which no wait was ended yet; from now on one was. */
  tell(): SignalName | undefined {
    const next = this.#pending.find((one) => !one.told);
    if (!next) return undefined;
    next.told = true;
    return next.signal;
  }

  /** Whether something is pending that no wait was ended for. */
  get hasUntold(): boolean {
    return this.#pending.some((one) => !one.told);
  }

  take(): SignalName | undefined {
    return this.#pending.shift()?.signal;
  }

  /** What a new program starts with after execve(2): ignored stays ignored, caught becomes default. */
  afterExec(): Signals {
    const next = new Signals();
    for (const [signal, disposition] of this.#dispositions) if (disposition === "ignored") next.set(signal, "ignored");
    return next;
  }

  list(disposition: Exclude<Disposition, "default">): SignalName[] {
    return [...this.#dispositions].filter(([, one]) => one === disposition).map(([signal]) => signal);
  }

  get pending(): readonly SignalName[] {
    return this.#pending.map((one) => one.signal);
  }
}

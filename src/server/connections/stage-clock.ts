import { type StageFault, type StageName, type StageResult, stageNames } from '../../contract/connections.ts';
import { type FaultCode, faults } from '../../contract/faults.ts';
import { Fault } from '../platform/fault.ts';

/** Milliseconds that a stage may take. */
const limits: Partial<Record<StageName, number>> = { dns: 5_000, tcp: 10_000, tls: 10_000, auth: 15_000 };
const DEFAULT_LIMIT = 15_000;
/** What it means that a stage took too long, where that says more than "too slow". */
const expired: Partial<Record<StageName, FaultCode>> = { dns: 'resolver.unavailable', tcp: 'host.unanswering' };
const hints: Partial<Record<StageName, string>> = {
  dns: 'The name service did not answer. Try again, or use an IP address.',
  tcp: 'A firewall probably drops the packets: allow the address of the Portcullis server, and check host and port.',
  tls: 'Something answers on that port but does not finish the handshake: check the port, and whether a proxy stands between.',
  auth: 'The server accepted the connection but does not finish the sign-in: it may be overloaded.',
  tunnel: 'The SSH server accepted the connection but does not open the tunnel: check its port, and whether it is overloaded.',
};
const fields: Partial<Record<StageName, string>> = { dns: 'address.host', tcp: 'address.host', tls: 'address.port', auth: 'address.port' };
/** Through a tunnel, what is looked up and dialled is the SSH server. */
const fieldsThrough: typeof fields = { ...fields, dns: 'address.ssh.host', tcp: 'address.ssh.host', tunnel: 'address.ssh.host' };

/** Walks the stages in order, times each, and ends the test when one takes too long or the caller cancels. */
export class StageClock {
  readonly results: StageResult[] = [];
  readonly #ending = new AbortController();
  readonly #onStage: (result: StageResult) => void;
  readonly #cancelled: () => void;
  readonly #outer: AbortSignal;
  #index = 0;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #fields: typeof fields;

  constructor(outer: AbortSignal, onStage: (result: StageResult) => void, through: boolean) {
    this.#fields = through ? fieldsThrough : fields;
    this.#outer = outer;
    this.#onStage = onStage;
    this.#cancelled = () => this.#ending.abort(new Fault('test.cancelled', { detail: 'The test was cancelled.' }));
    outer.addEventListener('abort', this.#cancelled, { once: true });
    if (outer.aborted) this.#cancelled();
    this.#arm();
  }

  /** Aborted, with a Fault as its reason, when the test has to end. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }
  /** The stage under way. */
  get current(): StageName {
    return stageNames[Math.min(this.#index, stageNames.length - 1)] ?? 'catalog';
  }
  /** Why we ended it ourselves, if we did: then whatever the driver threw is only the echo. */
  get reason(): Fault | null {
    return this.signal.reason instanceof Fault ? this.signal.reason : null;
  }

  /** A stage has been passed; those before it that nobody reported were not needed. */
  readonly pass = (stage: StageName, evidence: string | null, status: 'passed' | 'warning' | 'skipped' = 'passed'): void => {
    const at = stageNames.indexOf(stage);
    if (at < this.#index) return;
    for (; this.#index < at; this.#index++) this.#push({ stage: this.current, status: 'skipped', ms: 0, evidence: null, fault: null });
    this.#push({ stage, status, ms: this.#elapsed(), evidence, fault: null });
    this.#index++;
    this.#arm();
  };

  /** Runs one stage as a whole. */
  async during<T>(
    stage: StageName,
    work: () => Promise<T>,
    evidence: (result: T) => string,
    status: (result: T) => 'passed' | 'warning' = () => 'passed',
  ): Promise<T> {
    const result = await Promise.race([work(), this.#ended()]);
    this.pass(stage, evidence(result), status(result));
    return result;
  }

  /** The stage under way has failed; the rest is skipped. */
  fail(fault: Fault): void {
    const failed = fault.about.stage ?? this.current;
    const at = stageNames.indexOf(failed);
    for (; this.#index < at; this.#index++)
      this.#push({ stage: this.current, status: 'passed', ms: this.#elapsed(), evidence: null, fault: null });
    this.#push({ stage: failed, status: 'failed', ms: this.#elapsed(), evidence: null, fault: stageFault(fault) });
    for (this.#index++; this.#index < stageNames.length; this.#index++)
      this.#push({ stage: this.current, status: 'skipped', ms: 0, evidence: null, fault: null });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#cancelled);
  }

  #push(result: StageResult): void {
    this.results.push(result);
    this.#onStage(result);
  }
  #elapsed(): number {
    const ms = Math.round((performance.now() - this.#since) * 10) / 10;
    this.#since = performance.now();
    return ms;
  }
  #arm(): void {
    clearTimeout(this.#timer);
    const stage = this.current;
    const limit = limits[stage] ?? DEFAULT_LIMIT;
    this.#timer = setTimeout(() => {
      const detail = `No answer in ${limit / 1000} s.`;
      const hint = hints[stage] ?? 'The database is slow or overloaded: try again later.';
      this.#ending.abort(
        new Fault(expired[stage] ?? 'stage.expired', {
          stage,
          detail,
          tryThis: [hint],
          field: this.#fields[stage] ?? null,
          technical: `stage ${stage}: ${limit} ms`,
          retryable: true,
        }),
      );
    }, limit);
  }
  /** Rejects when the test has to end: a driver that does not listen to its signal cannot hold it up. */
  #ended(): Promise<never> {
    return new Promise((_, reject) => {
      if (this.signal.aborted) reject(this.signal.reason as Error);
      this.signal.addEventListener('abort', () => reject(this.signal.reason as Error), { once: true });
    });
  }
}

/** A fault as a stage shows it. */
export function stageFault(fault: Fault): StageFault {
  const { detail, field, tryThis, technical } = fault.about;
  return {
    code: fault.code,
    field: field ?? null,
    happened: detail ?? faults[fault.code].title,
    tryThis: [...(tryThis ?? [])],
    technical: technical ?? fault.code,
  };
}

import { Pool } from 'undici';
import type { Instance } from '../instances.ts';
import { probe } from './probe.ts';
import type { BalancingSettings } from './settings.ts';
import type { InstanceSnapshot } from './snapshot.ts';

/** One instance with its connections, and what was seen of it. */
export class BalancedInstance {
  readonly address: URL;
  readonly pool: Pool;
  inFlight = 0;
  attempts = 0;
  failures = 0;
  #described: Instance;
  readonly #settings: BalancingSettings['ejection'];
  readonly #changed: () => void;
  #failedInRow = 0;
  #ejections = 0;
  #ejected = false;
  #outMs = 0;
  #returnedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #left = false;

  /** @param changed called when it is ejected, and when it returns */
  constructor(
    described: Instance,
    { connections, ejection }: { connections: number; ejection: BalancingSettings['ejection'] },
    changed: () => void,
  ) {
    this.#described = described;
    this.#settings = ejection;
    this.#changed = changed;
    this.address = new URL(described.url);
    const { hostName: servername } = described;
    const connect = { timeout: 2_000, ...(servername === undefined ? {} : { servername }) };
    this.pool = new Pool(this.address.origin, { connections, pipelining: 1, connect, keepAliveTimeout: 30_000 });
  }

  get id(): string {
    return this.#described.id;
  }

  /** What the `Host` header is to say, where it is not the address. */
  get host(): string | undefined {
    const { hostName } = this.#described;
    if (hostName === undefined) return undefined;
    return this.address.port === '' ? hostName : `${hostName}:${this.address.port}`;
  }

  get isDraining(): boolean {
    return this.#described.draining === true;
  }

  get isEjected(): boolean {
    return this.#ejected;
  }

  /** Whether its last call failed. */
  get isFailing(): boolean {
    return this.#failedInRow > 0;
  }

  describe(described: Instance): void {
    this.#described = described;
  }

  succeeded(): void {
    this.#failedInRow = 0;
  }

  /** @param refused whether nobody listened at its address @param hasOthers whether anyone could take over */
  failed(refused: boolean, hasOthers: boolean, now: number): void {
    this.failures += 1;
    this.#failedInRow += 1;
    if (!hasOthers || this.#ejected || this.#left) return;
    if (refused || this.#failedInRow >= this.#settings.afterFailures) this.#eject(now);
  }

  /** Lets what runs end, then closes its connections. */
  async leave(): Promise<void> {
    this.#left = true;
    clearTimeout(this.#timer);
    await this.pool.close();
  }

  async destroy(): Promise<void> {
    this.#left = true;
    clearTimeout(this.#timer);
    await this.pool.destroy();
  }

  snapshot(): InstanceSnapshot {
    const { id, url, schemaHash } = this.#described;
    return {
      id,
      url,
      schemaHash,
      draining: this.isDraining,
      ejected: this.#ejected,
      inFlight: this.inFlight,
      attempts: this.attempts,
      failures: this.failures,
      ejections: this.#ejections,
    };
  }

  #eject(now: number): void {
    const { firstMs, longestMs } = this.#settings;
    const wasWellFor = now - this.#returnedAt;
    const isAnew = this.#outMs === 0 || wasWellFor > longestMs;
    this.#outMs = isAnew ? firstMs : Math.min(this.#outMs * 2, longestMs);
    this.#ejected = true;
    this.#ejections += 1;
    this.#tryLater();
    this.#changed();
  }

  /** Half-open: one question of ours, at nobody's cost, decides whether calls may come again. */
  #tryLater(): void {
    this.#timer = setTimeout(async () => {
      const answers = await probe(this, this.#settings.probeMs);
      if (this.#left) return;
      if (answers) this.#return();
      else {
        this.#outMs = Math.min(this.#outMs * 2, this.#settings.longestMs);
        this.#tryLater();
      }
    }, this.#outMs);
    this.#timer.unref();
  }

  #return(): void {
    this.#ejected = false;
    this.#failedInRow = 0;
    this.#returnedAt = performance.now();
    this.#changed();
  }
}

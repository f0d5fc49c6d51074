import type { SubgraphSchemas, SubgraphSdl } from '@mercato/registry';
import type { Logger } from '@mercato/telemetry';
import type { PublishedSubgraph } from '../planning/compose-published.ts';
import { subgraphNamesIn } from '../subgraphs/names.ts';
import type { SchemaHost, SchemaSource } from './schema-source.ts';
import type { SchemaChecks } from './served-schema.ts';
import { Steadiness, type SteadinessSettings } from './steadiness.ts';

export interface PublishedSourceSettings extends Partial<SteadinessSettings> {
  readonly checks: SchemaChecks;
  /** Milliseconds from one schema that is served to the next, at least. */
  readonly every?: number;
  /** Milliseconds after which a schema that was refused is looked at again: what broke with it may be asked no more. */
  readonly again?: number;
  readonly logger: Logger;
}

type Schemas = ReadonlyMap<string, readonly SubgraphSdl[]>;

/**
 * The supergraph of what the subgraphs publish. Changes are taken together; where that cannot be served, each subgraph's by
 * itself, so that one whose schema is refused keeps what it had, and holds up nobody.
 */
export function publishedSource(schemas: SubgraphSchemas, settings: PublishedSourceSettings): SchemaSource {
  let composing: PublishedSchemas | undefined;
  let stop: (() => void) | undefined;
  return {
    start(host) {
      composing = new PublishedSchemas(host, schemas, settings);
      stop = schemas.onChange(() => composing?.look());
      composing.look();
    },
    async close() {
      stop?.();
      await composing?.close();
      await schemas.close();
    },
  };
}

const defaults = { settle: 1_000, longest: 300_000, every: 5_000, again: 600_000 };

class PublishedSchemas {
  readonly #host: SchemaHost;
  readonly #schemas: SubgraphSchemas;
  readonly #settings: PublishedSourceSettings & typeof defaults;
  readonly #steadiness: Steadiness;
  /** Of each subgraph what is served, once all have been composed. */
  #taken: Schemas = new Map();
  /** Of each subgraph the hash of the SDL that the supergraph is made of. */
  #used: Readonly<Record<string, string>> = {};
  /** What was refused last: it is not tried again soon. */
  #refused: string | undefined;
  #servedAt = Number.NEGATIVE_INFINITY;
  #refusedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #missing: string | undefined;
  #closed = false;

  constructor(host: SchemaHost, schemas: SubgraphSchemas, settings: PublishedSourceSettings) {
    this.#host = host;
    this.#schemas = schemas;
    this.#settings = { ...defaults, ...settings };
    this.#steadiness = new Steadiness(this.#settings);
  }

  look(): void {
    const now = performance.now();
    for (const [name, sdls] of this.#schemas.current()) this.#steadiness.saw(name, hashesOf(sdls), now);
    this.#workLater(now);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  #workLater(now: number): void {
    if (this.#closed || this.#working) return;
    clearTimeout(this.#timer);
    const schemas = this.#schemas.current();
    const changed = this.#changed(schemas);
    if (changed.length === 0) return;
    const waiting = changed.map((name) => this.#steadiness.steadyAt(name)).filter((at) => at > now);
    const isRefused = this.#refused === this.#signatureOf(schemas, this.#steady(changed, now));
    const next = isRefused ? this.#refusedAt + this.#settings.again : now;
    const isAnySteady = waiting.length < changed.length;
    const at = Math.max(Math.min(...waiting, ...(isAnySteady ? [next] : [])), this.#servedAt + this.#settings.every);
    this.#timer = setTimeout(() => {
      this.#working = this.#work().finally(() => {
        this.#working = undefined;
        this.#workLater(performance.now());
      });
    }, at - now);
    this.#timer.unref();
  }

  #changed(schemas: Schemas): string[] {
    return [...schemas].flatMap(([name, sdls]) => (hashesOf(sdls) === hashesOf(this.#taken.get(name)) ? [] : [name]));
  }

  /** The first time there is nothing that could be kept instead of what may still change. */
  #steady(changed: readonly string[], now: number): string[] {
    return changed.filter((name) => this.#taken.size === 0 || this.#steadiness.steadyAt(name) <= now);
  }

  async #work(): Promise<void> {
    const schemas = this.#schemas.current();
    const steady = this.#steady(this.#changed(schemas), performance.now());
    if (steady.length > 0 && !(await this.#take(schemas, steady))) {
      this.#refused = this.#signatureOf(schemas, steady);
      this.#refusedAt = performance.now();
    }
  }

  /** @returns whether all of what changed is served now */
  async #take(schemas: Schemas, changed: readonly string[]): Promise<boolean> {
    if (!this.#isWhole(schemas)) return false;
    const withNew = (names: readonly string[]): Schemas =>
      new Map([...this.#taken, ...names.map((name) => [name, schemas.get(name) ?? []] as const)]);
    const isAlone = changed.length === 1 || this.#taken.size === 0;
    if (await this.#offer(withNew(changed), isAlone)) return true;
    if (isAlone) return false;
    // Together they cannot be served. Which of them can?
    let all = true;
    for (const name of changed) all = (await this.#offer(withNew([name]), true)) && all;
    return all;
  }

  /** Without what a subgraph publishes, its part of the graph cannot be composed: the whole stays as it is. */
  #isWhole(schemas: Schemas): boolean {
    const missing = subgraphNamesIn(this.#host.supergraphSdl).filter((name) => !schemas.has(name));
    const list = missing.join(', ');
    if (missing.length > 0 && this.#missing !== list)
      this.#settings.logger.info(
        { missing },
        'The schema stays as it was given until all subgraphs have published theirs',
      );
    this.#missing = list;
    return missing.length === 0;
  }

  #signatureOf(schemas: Schemas, names: readonly string[]): string {
    return names.map((name) => `${name} ${hashesOf(schemas.get(name))}`).join('\n');
  }

  /** @param tell whether a refusal is the last word @returns whether it is served, or was before */
  async #offer(wanted: Schemas, tell: boolean): Promise<boolean> {
    const composed = await this.#host.compose(
      [...wanted].map(([name, sdls]): PublishedSubgraph => ({ name, sdls: this.#preferred(name, sdls) })),
    );
    if (this.#closed) return false;
    if (composed.kind === 'failed') {
      if (tell) this.#host.refused('composition', composed.problems);
      return false;
    }
    const { unsound } = composed;
    if (unsound.length > 0) this.#settings.logger.warn({ unsound }, 'An instance serves what is no subgraph');
    if (composed.torn.length > 0) {
      const { torn } = composed;
      this.#settings.logger.warn(
        { torn },
        'Instances serve schemas that exclude each other; some calls may fail meanwhile',
      );
    }
    const outcome = await this.#host.offer(composed.supergraphSdl, this.#settings.checks);
    if (outcome.kind === 'refused' || outcome.kind === 'abandoned') return false;
    if (outcome.kind === 'serving') this.#servedAt = performance.now();
    this.#taken = wanted;
    this.#used = composed.chosen;
    return true;
  }

  /** Of SDLs that all instances can answer, the one that is in use; then the newest. */
  #preferred(name: string, sdls: readonly SubgraphSdl[]): readonly SubgraphSdl[] {
    const isUsed = ({ hash }: SubgraphSdl) => hash === this.#used[name];
    return [...sdls.filter(isUsed), ...sdls.filter((sdl) => !isUsed(sdl))];
  }
}

const hashesOf = (sdls: readonly SubgraphSdl[] = []): string =>
  sdls
    .map(({ hash }) => hash)
    .sort()
    .join(' ');

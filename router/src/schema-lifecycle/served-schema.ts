import type { Logger } from '@mercato/telemetry';
import { findBreakingChanges, type GraphQLSchema } from 'graphql';
import type { Graph } from '../graph/graph.ts';
import type { Composed, PublishedSubgraph } from '../planning/compose-published.ts';
import type { PlanningSettings } from '../planning/planning-thread.ts';
import { messageOf, RouterSetupError } from '../setup-error.ts';
import { subgraphNamesIn } from '../subgraphs/names.ts';
import { PlanningThreads } from './planning-threads.ts';
import { type BrokenDocument, planKnown, reread } from './recorded-operations.ts';
import { SchemaVersion, type VersionSettings } from './schema-version.ts';
import { ServedDocuments } from './served-documents.ts';

/** What is done with a schema for which documents are no longer valid that are trusted, or were used last. */
export type SchemaChecks = 'refuse' | 'warn';

export type Outcome =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'serving' }
  | { readonly kind: 'refused'; readonly reason: 'invalid' | 'breaking'; readonly problems: readonly string[] }
  /** The router ends, or the planner did. */
  | { readonly kind: 'abandoned' };

export interface ServedSchemaSettings extends VersionSettings {
  readonly planning?: Partial<PlanningSettings> | undefined;
  /** Texts that clients are known to send, whether they have or not. */
  readonly trustedTexts: () => readonly string[];
  readonly logger: Logger;
}

/** What is told of the schema at `/health/ready`. */
export interface SchemaState {
  /** The first characters of the supergraph's SHA-256. */
  readonly version: string;
  readonly since: string;
  /** That what was offered last is not served; the log says why: here anyone can read. */
  readonly refused?: { readonly reason: string; readonly at: string };
}

/** Problems that are told one by one. */
const toldProblems = 10;

/**
 * The schema that is served now. A new one is loaded beside it, knows what was asked last, and takes its place at all
 * addresses between two requests; those under way keep theirs.
 */
export class ServedSchema {
  readonly #settings: ServedSchemaSettings;
  readonly #threads: PlanningThreads;
  readonly #documents: ReadonlyMap<string, ServedDocuments>;
  #version: SchemaVersion;
  #since = new Date();
  #refused: SchemaState['refused'];
  readonly #counts = { served: 0, refused: 0 };
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(settings: ServedSchemaSettings, threads: PlanningThreads, version: SchemaVersion) {
    this.#settings = settings;
    this.#threads = threads;
    this.#version = version;
    this.#documents = new Map(
      [...version.graphs].map(([path, { documents }]) => [path, new ServedDocuments(documents)]),
    );
  }

  /** @throws RouterSetupError: without a first schema there is none to keep */
  static async start(supergraphSdl: string, settings: ServedSchemaSettings): Promise<ServedSchema> {
    const threads = new PlanningThreads(settings.planning);
    try {
      const version = await SchemaVersion.load(supergraphSdl, threads.serving, settings);
      return new ServedSchema(settings, threads, version);
    } catch (error) {
      await threads.close();
      if (error instanceof RouterSetupError) throw error;
      throw new RouterSetupError(`The supergraph cannot be served: ${messageOf(error)}`, { cause: error });
    }
  }

  /** What is served where, by address; each always reads for the present schema. */
  get documents(): ReadonlyMap<string, ServedDocuments> {
    return this.#documents;
  }

  get supergraphSdl(): string {
    return this.#version.supergraphSdl;
  }

  /** What clients see of the whole graph. */
  get apiSchema(): GraphQLSchema {
    return wholeOf(this.#version).schema;
  }

  get subgraphNames(): string[] {
    return subgraphNamesIn(this.#version.supergraphSdl);
  }

  get state(): SchemaState {
    return {
      version: this.#version.hash.slice(0, 12),
      since: this.#since.toISOString(),
      ...(this.#refused ? { refused: this.#refused } : {}),
    };
  }

  /** Schemas that were offered since the start. */
  get counts(): { readonly served: number; readonly refused: number } {
    return this.#counts;
  }

  /** Serves a schema unless something is wrong with it. One after the other: what is offered meanwhile waits. */
  offer(supergraphSdl: string, checks: SchemaChecks): Promise<Outcome> {
    return this.#inTurn(async () => {
      const outcome = await this.#take(supergraphSdl, checks);
      if (outcome.kind === 'refused') this.refused(outcome.reason, outcome.problems);
      else this.#refused = undefined;
      return outcome;
    });
  }

  /** Composes away from the thread that answers, and from the one that plans for it. */
  compose(subgraphs: readonly PublishedSubgraph[]): Promise<Composed> {
    return this.#inTurn(async () => {
      try {
        return await this.#threads.spare().compose(subgraphs);
      } catch (error) {
        return { kind: 'failed', problems: [messageOf(error)] };
      } finally {
        this.#threads.tidy();
      }
    });
  }

  /** Tells of a schema that is not served. */
  refused(reason: string, problems: readonly string[]): void {
    if (this.#closed) return;
    const told = problems.slice(0, toldProblems);
    this.#counts.refused += 1;
    this.#refused = { reason, at: new Date().toISOString() };
    this.#settings.logger.warn(
      { reason, problems: told, more: Math.max(0, problems.length - toldProblems), serving: this.state.version },
      'A schema is refused; the last good one stays',
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.close();
    await this.#turn;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #take(supergraphSdl: string, checks: SchemaChecks): Promise<Outcome> {
    if (this.#closed) return { kind: 'abandoned' };
    if (supergraphSdl === this.#version.supergraphSdl) return { kind: 'unchanged' };
    const startedAt = performance.now();
    let next: SchemaVersion;
    try {
      next = await SchemaVersion.load(supergraphSdl, this.#threads.spare(), this.#settings);
    } catch (error) {
      if (this.#closed) return { kind: 'abandoned' };
      this.#threads.tidy();
      return { kind: 'refused', reason: 'invalid', problems: [messageOf(error)] };
    }
    const read = await this.#read(next);
    if (read.broken.length > 0 && checks === 'refuse') {
      next.discard();
      this.#threads.tidy();
      const problems = read.broken.map(({ name, problem }) => `${name}: ${problem}`);
      return { kind: 'refused', reason: 'breaking', problems };
    }
    const planned = await this.#plan(next);
    if (this.#closed) return { kind: 'abandoned' };
    const changes = this.#breakingChanges(next);
    this.#serve(next);
    this.#settings.logger.info(
      {
        version: this.state.version,
        ms: Math.round(performance.now() - startedAt),
        known: read.valid,
        planned,
        noLongerValid: read.broken.length,
        ...(read.broken.length > 0 ? { examples: read.broken.slice(0, toldProblems) } : {}),
        ...(changes.length > 0 ? { breakingChanges: changes.length, changes: changes.slice(0, toldProblems) } : {}),
      },
      'A new schema is served',
    );
    return { kind: 'serving' };
  }

  #serve(next: SchemaVersion): void {
    const before = this.#version;
    this.#version = next;
    this.#since = new Date();
    this.#counts.served += 1;
    this.#threads.change();
    // In one go: no request comes between two addresses.
    for (const [path, { documents }] of next.graphs) this.#documents.get(path)?.serve(documents);
    void before.retire();
  }

  async #read(next: SchemaVersion): Promise<{ valid: number; broken: BrokenDocument[] }> {
    const texts = this.#settings.trustedTexts();
    const all: { valid: number; broken: BrokenDocument[] } = { valid: 0, broken: [] };
    for (const [path, { documents }] of next.graphs) {
      const served = this.#documents.get(path);
      if (!served) continue;
      const { valid, broken } = await reread(served.current, documents, texts);
      all.valid += valid;
      all.broken.push(...broken);
    }
    return all;
  }

  async #plan(next: SchemaVersion): Promise<number> {
    let planned = 0;
    for (const { documents } of next.graphs.values()) planned += await planKnown(documents);
    return planned;
  }

  #breakingChanges(next: SchemaVersion): string[] {
    const changes = findBreakingChanges(this.apiSchema, wholeOf(next).schema);
    return changes.map(({ description }) => description);
  }
}

function wholeOf({ graphs }: SchemaVersion): Graph {
  const whole = graphs.get('/graphql');
  if (!whole) throw new Error('A version of the schema without the whole graph.');
  return whole.graph;
}

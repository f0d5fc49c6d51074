import { buildSchema, type GraphQLSchema, parse } from 'graphql';
import { type AuthorizationRules, readAuthorizationRules } from '../authorization/read-rules.ts';
import { Requirements } from '../authorization/requirements.ts';
import { type CompiledPlan, compilePlan } from '../execution/compiled-plan.ts';
import type { PlanningThread, Took } from '../planning/planning-thread.ts';
import { EntityKeys } from './entity-keys.ts';
import { TypeRelations } from './type-relations.ts';

/** Milliseconds after which a request that read its operation before the graph was retired has entered. */
const entryMs = 1_000;

/** One supergraph, loaded: it never changes. A new version of the schema is a new graph. */
export class Graph {
  /** With its authorization directives. */
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** Of all types, those that clients do not see too. */
  readonly types: TypeRelations;
  /** What it asks of viewers. */
  readonly requirements: Requirements;
  /** The same, by types and fields. */
  readonly rules: AuthorizationRules;
  /** By which fields subgraphs know entities. */
  readonly keys: EntityKeys;
  readonly #planning: PlanningThread;
  readonly #number: number;
  #requests = 0;
  #state: 'serving' | 'retired' | 'released' = 'serving';
  #released: (() => void) | undefined;

  private constructor(supergraphSdl: string, planning: PlanningThread, loaded: { graph: number; apiSdl: string }) {
    this.supergraphSdl = supergraphSdl;
    this.schema = buildSchema(loaded.apiSdl, { noLocation: true, assumeValidSDL: true });
    const document = parse(supergraphSdl, { noLocation: true });
    this.types = new TypeRelations(document);
    this.keys = new EntityKeys(document);
    this.rules = readAuthorizationRules(document);
    this.requirements = new Requirements(this.schema, this.rules);
    this.#planning = planning;
    this.#number = loaded.graph;
  }

  /** @throws Error when it is no valid supergraph. */
  static async load(supergraphSdl: string, planning: PlanningThread): Promise<Graph> {
    return new Graph(supergraphSdl, planning, await planning.load(supergraphSdl));
  }

  /**
   * @param took is told of the time in the planning thread, and of that in this one
   * @throws PlanningTooCostlyError, PlanningBusyError
   */
  async plan(text: string, operationName: string | undefined, took?: Took): Promise<CompiledPlan> {
    const plan = await this.#planning.plan(this.#number, text, operationName, took);
    const startedAt = performance.now();
    const compiled = compilePlan(plan, this);
    took?.(performance.now() - startedAt);
    return compiled;
  }

  /** The plan as people read it. @throws PlanningTooCostlyError, PlanningBusyError */
  describePlan(text: string, operationName: string | undefined): Promise<string> {
    return this.#planning.describe(this.#number, text, operationName);
  }

  /** A request that may yet want a plan begins; it ends with `leave`. */
  enter(): void {
    this.#requests += 1;
  }

  leave(): void {
    this.#requests -= 1;
    if (this.#state === 'retired' && this.#requests === 0) this.#release();
  }

  /** Another graph serves new requests. Resolves when nothing is planned for this one any more. */
  retire(): Promise<void> {
    return new Promise((resolve) => {
      this.#released = resolve;
      const timer = setTimeout(() => {
        if (this.#state !== 'serving') return;
        this.#state = 'retired';
        if (this.#requests === 0) this.#release();
      }, entryMs);
      timer.unref();
    });
  }

  /** Nothing is planned for it from now on; what was planned before can still be run. */
  release(): void {
    if (this.#state !== 'released') this.#release();
  }

  #release(): void {
    this.#state = 'released';
    this.#planning.release(this.#number);
    this.#released?.();
  }
}

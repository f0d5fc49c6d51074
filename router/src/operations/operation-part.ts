import { type FieldNode, type FragmentDefinitionNode, GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { CompiledPlan } from '../execution/compiled-plan.ts';
import type { Data } from '../execution/data.ts';
import type { Graph } from '../graph/graph.ts';
import { PlanningTooCostlyError, type Took } from '../planning/planning-thread.ts';
import { conditionVariables, includedBy } from '../shaping/conditions.ts';
import { Selection } from '../shaping/selection.ts';

/**
 * Milliseconds for which what was too costly to plan is refused unasked, twice as many each time: each try costs the thread
 * that plans, and on a machine that was only busy the next one succeeds.
 */
const refusal = { firstMs: 5_000, longestMs: 600_000 };

/** How many combinations of an operation's conditions are remembered. */
const rememberedShapes = 64;

export interface PartDefinition {
  readonly graph: Graph;
  /** What is run, as text; undefined where nothing is. */
  readonly text: string | undefined;
  /** What the answer looks like: one operation, and the fragments that it uses. */
  readonly definition: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fields of the answer that are null, whatever is known of them. */
  readonly denied?: ReadonlySet<FieldNode>;
}

/** An operation as it is run and answered for some viewers: whole, or without what they may not see. */
export class OperationPart {
  readonly #part: PartDefinition;
  readonly #conditions: readonly string[];
  readonly #shapes = new Map<string, Selection>();
  #plan: Promise<CompiledPlan> | undefined;
  #planned: CompiledPlan | undefined;
  #refusedMs = refusal.firstMs;
  #refusedUntil: number | undefined;

  constructor(part: PartDefinition) {
    this.#part = part;
    this.#conditions = conditionVariables(part.definition, part.fragments);
    if (part.text === undefined) this.#planned = { root: undefined, subscription: undefined };
  }

  /** Whether it was planned, is being planned, or was too costly to plan lately: another asking is no work. */
  get isAsked(): boolean {
    return this.#planned !== undefined || (this.#plan !== undefined && !this.#mayTryAgain);
  }

  get #mayTryAgain(): boolean {
    return this.#refusedUntil !== undefined && performance.now() >= this.#refusedUntil;
  }

  /**
   * Planned once; at once where it was planned before, or was too costly to plan.
   * @param took is told how long it takes where it is planned for this asking
   */
  plan(took?: Took): CompiledPlan | Promise<CompiledPlan> {
    if (this.#planned) return this.#planned;
    const { graph, text = '', definition } = this.#part;
    if (this.#mayTryAgain) {
      this.#refusedUntil = undefined;
      this.#plan = undefined;
    }
    this.#plan ??= graph.plan(text, definition.name?.value, took).then(
      (plan) => {
        this.#planned = plan;
        return plan;
      },
      (error: unknown) => {
        if (error instanceof PlanningTooCostlyError) this.#refuseForAWhile();
        else this.#plan = undefined;
        throw error;
      },
    );
    return this.#plan;
  }

  #refuseForAWhile(): void {
    this.#refusedUntil = performance.now() + this.#refusedMs;
    this.#refusedMs = Math.min(this.#refusedMs * 2, refusal.longestMs);
  }

  /** The plan as people read it. */
  async describePlan(): Promise<string> {
    const { graph, text, definition } = this.#part;
    return text === undefined ? 'QueryPlan {}' : graph.describePlan(text, definition.name?.value);
  }

  /** What the answer looks like where the conditions have these values. */
  shape(conditions: Readonly<Data>): Selection {
    const key = this.#conditions.length === 0 ? '' : this.#conditions.map((name) => String(conditions[name])).join();
    let shape = this.#shapes.get(key);
    if (!shape) {
      shape = this.#shapeFor(conditions);
      if (this.#shapes.size < rememberedShapes) this.#shapes.set(key, shape);
    }
    return shape;
  }

  #shapeFor(conditions: Readonly<Data>): Selection {
    const { graph, definition, fragments, denied } = this.#part;
    const root = graph.schema.getRootType(definition.operation);
    if (!root) throw new GraphQLError(`The schema has no ${definition.operation}.`);
    const included = includedBy(conditions);
    return new Selection(root, [definition.selectionSet], { schema: graph.schema, fragments, included, denied });
  }
}

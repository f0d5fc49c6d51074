import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import type { CompiledPlan } from '../execution/compiled-plan.ts';
import type { Data } from '../execution/data.ts';
import type { Graph } from '../graph/graph.ts';
import { conditionValues, conditionVariables, includedBy } from '../shaping/conditions.ts';
import { Selection } from '../shaping/selection.ts';
import { introspectionIn } from './introspection.ts';

/** How many combinations of an operation's conditions are remembered. */
const rememberedShapes = 64;

/**
 * One operation of a document, read and valid for one graph: all that can be known of it before its variables and its
 * client are. It is kept, and asked again.
 */
export class Operation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly graph: Graph;
  readonly type: OperationTypeNode;
  readonly name: string | undefined;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The `__schema` and `__type` that it asks for. */
  readonly introspection: readonly FieldNode[];
  readonly #conditions: readonly string[];
  readonly #shapes = new Map<string, Selection>();
  #plan: Promise<CompiledPlan> | undefined;
  #planned: CompiledPlan | undefined;

  constructor(text: string, document: DocumentNode, definition: OperationDefinitionNode, graph: Graph) {
    this.text = text;
    this.document = document;
    this.definition = definition;
    this.graph = graph;
    this.type = definition.operation;
    this.name = definition.name?.value;
    this.#conditions = conditionVariables(document);
    this.fragments = new Map(
      document.definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])),
    );
    this.introspection = introspectionIn(definition.selectionSet, this.fragments);
  }

  /** Planned once; at once where it was planned before. */
  plan(): CompiledPlan | Promise<CompiledPlan> {
    if (this.#planned) return this.#planned;
    this.#plan ??= this.graph.plan(this.text, this.name).then(
      (plan) => {
        this.#planned = plan;
        return plan;
      },
      (error: unknown) => {
        this.#plan = undefined;
        throw error;
      },
    );
    return this.#plan;
  }

  /** The values that `@skip` and `@include` go by. */
  conditions(variables: Readonly<Data>): Data {
    return conditionValues(this.#conditions, this.definition, variables);
  }

  /** What the answer looks like where the conditions have these values. */
  shape(conditions: Readonly<Data>): Selection {
    const key = this.#conditions.length === 0 ? '' : this.#conditions.map((name) => String(conditions[name])).join();
    let shape = this.#shapes.get(key);
    if (!shape) {
      const root = this.graph.schema.getRootType(this.type);
      if (!root) throw new GraphQLError(`The schema has no ${this.type}.`);
      const parts = { schema: this.graph.schema, fragments: this.fragments, included: includedBy(conditions) };
      shape = new Selection(root, [this.definition.selectionSet], parts);
      if (this.#shapes.size < rememberedShapes) this.#shapes.set(key, shape);
    }
    return shape;
  }
}

import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';
import type { FetchStep, PlannedGraph } from '../../execution/compiled-plan.ts';
import { supergraphSchemaOf } from '../../graph/supergraph-schema.ts';
import { isPrivateType, maxAgeOfType } from '../cache-hints.ts';
import { type EntityPlace, EntityPlaces } from './entity-places.ts';
import { StepWalk } from './step-walk.ts';

/** How the answers of a step are kept. */
export interface StepPolicy {
  /** The subgraph, the graph and what is asked, in a few letters. */
  readonly id: string;
  /** Milliseconds. */
  readonly maxAge: number;
  /** Where entities show in its answer, or in each entity that it asks about. */
  readonly places: readonly EntityPlace[];
  /** Types any change of which changes the answer. */
  readonly searched: ReadonlySet<string>;
}

/**
 * Whether a step's answers may be kept for others who may see the same, told from the document alone: by the rules of
 * `compileCachePolicy`, a lifetime of its own for each field, nothing private and nothing that asks who is there.
 */
export function compileStepPolicy(step: FetchStep): StepPolicy | undefined {
  const { graph, subgraph, query } = step;
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation?.operation !== 'query') return undefined;
  const schema = supergraphSchemaOf(graph);
  const places = new EntityPlaces(schema, (type) => graph.keys.of(subgraph, type));
  const walk = new StepWalk({ schema, rules: graph.rules, fragments: fragmentsOf(document), places });
  if (step.requires) walkEntities(operation.selectionSet, schema, walk);
  else {
    const root = schema.getQueryType();
    if (!root) return undefined;
    walk.visit(operation.selectionSet, { type: root, path: [], isRoot: true });
  }
  const { maxAge } = walk;
  if (walk.isRefused || maxAge === undefined || maxAge <= 0) return undefined;
  return {
    id: digest([subgraph, digestOf(graph), print(withoutName(document))]),
    maxAge: maxAge * 1_000,
    places: places.found,
    searched: places.searched,
  };
}

/** Each type's fields are written under it; a lifetime of the type is that of its fields. */
function walkEntities({ selections: [field] }: SelectionSetNode, schema: GraphQLSchema, walk: StepWalk): void {
  const entities = field?.kind === Kind.FIELD && field.name.value === '_entities' ? field.selectionSet : undefined;
  if (!entities) {
    walk.refuse();
    return;
  }
  for (const selection of walk.fragmentsIn(entities)) {
    const type: unknown = schema.getType(selection.typeName);
    if (!isComposite(type) || isPrivateType(type)) {
      walk.refuse();
      return;
    }
    const ownAge = maxAgeOfType(type);
    if (ownAge !== undefined) walk.restrict(ownAge);
    walk.visit(selection.selections, { type, path: [], isRoot: false, wantsAge: ownAge === undefined });
  }
}

const isComposite = (type: unknown): type is GraphQLCompositeType => isCompositeType(type);

const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])));

/** Two operations that ask a subgraph the same share what it answered, whatever they are called. */
const withoutName = ({ kind, definitions }: DocumentNode): DocumentNode => ({
  kind,
  definitions: definitions.map((part) =>
    part.kind === Kind.OPERATION_DEFINITION ? { ...part, name: undefined } : part,
  ),
});

const digests = new WeakMap<PlannedGraph, string>();

function digestOf(graph: PlannedGraph): string {
  let known = digests.get(graph);
  if (known === undefined) {
    known = digest(graph.supergraphSdl);
    digests.set(graph, known);
  }
  return known;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 32);

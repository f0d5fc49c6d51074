import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  print,
} from 'graphql';
import {
  type AllowedPart,
  compileAuthorization,
  type OperationAuthorization,
} from '../authorization/operation-authorization.ts';
import type { Data } from '../execution/data.ts';
import type { Graph } from '../graph/graph.ts';
import { conditionValues, conditionVariables } from '../shaping/conditions.ts';
import { introspectionIn } from './introspection.ts';
import { OperationPart } from './operation-part.ts';

/**
 * One operation of a document, read and valid for one graph: all that can be known of it before its variables and its
 * client are. It is kept, and asked again. What is run of it for a viewer, `authorizeOperation` tells.
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
  /** What it requires of viewers; undefined where it is for everyone. */
  readonly authorization: OperationAuthorization | undefined;
  /** For viewers who may see all of it. */
  readonly whole: OperationPart;
  readonly #conditions: readonly string[];
  readonly #parts = new WeakMap<AllowedPart, OperationPart>();

  constructor(text: string, document: DocumentNode, definition: OperationDefinitionNode, graph: Graph) {
    this.text = text;
    this.document = document;
    this.definition = definition;
    this.graph = graph;
    this.type = definition.operation;
    this.name = definition.name?.value;
    this.#conditions = conditionVariables(document);
    this.fragments = fragmentsOf(document);
    this.introspection = introspectionIn(definition.selectionSet, this.fragments);
    this.authorization = compileAuthorization(graph.requirements, definition, this.fragments);
    this.whole = new OperationPart({ graph, text, definition, fragments: this.fragments });
  }

  /** The values that `@skip` and `@include` go by. */
  conditions(variables: Readonly<Data>): Data {
    return conditionValues(this.#conditions, this.definition, variables);
  }

  /** For viewers who may see this much; planned and shaped once for all of them. */
  partOf(allowed: AllowedPart): OperationPart {
    let part = this.#parts.get(allowed);
    if (!part) {
      const { document, shape, denied } = allowed;
      part = new OperationPart({
        graph: this.graph,
        text: document && print(document),
        definition: operationIn(shape) ?? this.definition,
        fragments: fragmentsOf(shape),
        denied,
      });
      this.#parts.set(allowed, part);
    }
    return part;
  }
}

const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])));

const operationIn = ({ definitions }: DocumentNode): OperationDefinitionNode | undefined =>
  definitions.find((part) => part.kind === Kind.OPERATION_DEFINITION);

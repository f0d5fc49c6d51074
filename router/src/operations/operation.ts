import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
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
import { RequestError } from './request-error.ts';

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
    this.fragments = fragmentsOf(document);
    this.#conditions = conditionVariables(definition, this.fragments);
    this.introspection = introspectionIn(definition.selectionSet, this.fragments);
    this.authorization = compileAuthorization(graph.requirements, definition, this.fragments);
    this.whole = new OperationPart({ graph, text, definition, fragments: this.fragments });
  }

  /**
   * The values that `@skip` and `@include` go by.
   * @throws RequestError when one is null, which a variable with a default may be and their arguments may not
   */
  conditions(variables: Readonly<Data>): Data {
    const none = this.#conditions.find((name) => Object.hasOwn(variables, name) && variables[name] === null);
    if (none !== undefined) {
      const message = `Variable "$${none}" is null, but @skip and @include need true or false: give one, or leave it out for its default.`;
      throw new RequestError([new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })]);
    }
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

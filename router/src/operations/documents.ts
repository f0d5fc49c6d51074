import {
  type DocumentNode,
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Graph } from '../graph/graph.ts';
import type { Limits } from '../limits/document-limits.ts';
import type { Measure } from '../limits/measure.ts';
import { heapMb } from '../memory.ts';
import { placeOfLiteral } from './literal-place.ts';
import { Operation } from './operation.ts';
import { RequestError } from './request-error.ts';

/** Documents that came, ever. */
export interface DocumentCounts {
  known: number;
  read: number;
}

export interface DocumentSettings {
  readonly graph: Graph;
  readonly introspection: boolean;
  readonly limits: Pick<Limits, 'parse' | 'checkParsed'>;
  /** What is added to; nothing is counted unless set. */
  readonly counts?: DocumentCounts | undefined;
}

/** Documents kept of one graph, and the bytes that they may take together. */
const kept = { max: 5_000, maxSize: Math.floor(Math.min(128, heapMb() / 8)) * 1024 * 1024 };

/** The bytes that a document takes with its plans, as measured with many of ours and some that are made to take much. */
const sizeOf = (text: string, { allSelections }: Pick<Measure, 'allSelections'>): number =>
  3_000 + 4 * text.length + 1_500 * allSelections;

/** Mistakes of a document that are told: who mends these sees the next. */
const maxErrors = 20;

/** Reads documents for one graph: each is parsed and validated once, while it is remembered. */
export class Documents {
  readonly #settings: DocumentSettings;
  readonly #rules: readonly ValidationRule[];
  readonly #known = new LRUCache<string, ReadonlyMap<string | undefined, Operation>>({
    max: kept.max,
    maxSize: kept.maxSize,
  });

  constructor(settings: DocumentSettings) {
    this.#settings = settings;
    this.#rules = [
      ...specifiedRules,
      ReservedNamesRule,
      ...(settings.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
    ];
  }

  /** What they are read for. */
  get graph(): Graph {
    return this.#settings.graph;
  }

  /** Whether a text was read before, and held. */
  knows(text: string): boolean {
    return this.#known.has(text);
  }

  /** @throws RequestError */
  read(text: string, operationName: string | undefined): Operation {
    return choose(this.operations(text), operationName);
  }

  /** All of a document, by their names. @throws RequestError */
  operations(text: string): ReadonlyMap<string | undefined, Operation> {
    const { counts } = this.#settings;
    let operations = this.#known.get(text);
    if (counts) counts[operations ? 'known' : 'read'] += 1;
    if (!operations) {
      const { document, found } = this.#parse(text);
      operations = this.#operationsIn(text, document);
      this.#known.set(text, operations, { size: sizeOf(text, found) });
    }
    return operations;
  }

  /** The texts read last, the newest first: what a new version of the graph should know. */
  recent(count: number): string[] {
    return [...this.#known.keys()].slice(0, count);
  }

  #operationsIn(text: string, document: DocumentNode): ReadonlyMap<string | undefined, Operation> {
    const { graph, introspection } = this.#settings;
    const errors = validate(graph.schema, document, this.#rules, { maxErrors });
    if (errors.length > 0) {
      throw new RequestError(
        errors.map((error) => {
          const message = introspection ? error.message : withoutHint(error.message);
          const place = placeOfLiteral(document, error.nodes?.[0]);
          return withCode(error, 'GRAPHQL_VALIDATION_FAILED', place ? `${place}: ${message}` : message);
        }),
      );
    }
    const definitions = document.definitions.filter(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    );
    return new Map(
      definitions.map((definition) => [definition.name?.value, new Operation(text, document, definition, graph)]),
    );
  }

  /** Reads as much as the limits allow, before validation, whose work grows faster than the document. */
  #parse(text: string): { document: DocumentNode; found: Measure } {
    const { limits } = this.#settings;
    try {
      const document = limits.parse(text);
      return { document, found: limits.checkParsed(document) };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new RequestError([error.extensions.code ? error : withCode(error, 'GRAPHQL_PARSE_FAILED')]);
    }
  }
}

function choose(operations: ReadonlyMap<string | undefined, Operation>, name: string | undefined): Operation {
  const [only] = operations.values();
  const chosen = name === undefined || name === '' ? (operations.size === 1 ? only : undefined) : operations.get(name);
  if (chosen) return chosen;
  const message =
    operations.size === 0
      ? 'The document holds no operation.'
      : name
        ? `The document holds no operation named ${JSON.stringify(name)}.`
        : 'The document holds several operations; name one in "operationName".';
  throw new RequestError([new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })]);
}

const withCode = (error: GraphQLError, code: string, message = error.message): GraphQLError =>
  new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { ...error.extensions, code },
  });

/** Suggestions tell the schema to whoever may not ask for it. */
export const withoutHint = (message: string): string => message.replace(/ ?Did you mean .+?\?$/s, '');

/**
 * An object's "__proto__" is no field like others, and "__typename" says what the object is to whoever reads the answer,
 * the router first of all. GraphQL keeps names that begin so for itself.
 */
const ReservedNamesRule: ValidationRule = (context) => ({
  VariableDefinition({ variable }) {
    if (variable.name.value !== '__proto__') return;
    context.reportError(new GraphQLError('No variable can be called "$__proto__".', { nodes: variable }));
  },
  Field(node) {
    const name = (node.alias ?? node.name).value;
    if (name === '__proto__' || (name === '__typename' && node.name.value !== name)) {
      const message = `No field can be called "${name}" in an answer; use another alias.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    }
  },
});

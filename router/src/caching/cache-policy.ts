import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { cacheHintOf, isGuarded, isPrivateType } from './cache-hints.ts';

/** How long an answer may be reused, and by whom. */
export interface CachePolicy {
  /** Seconds; 0 is not at all. */
  readonly maxAge: number;
  readonly scope: 'PUBLIC' | 'PRIVATE';
}

export const uncacheable: CachePolicy = { maxAge: 0, scope: 'PRIVATE' };

/**
 * What may be said of any answer of an operation before it is made, from `@cacheControl` by Apollo's rules: the shortest
 * lifetime of its fields, where root fields and lists or objects without one live for 0 s; private as soon as one field
 * is, or asks who is there. Fields under `@include` and `@skip` with variables count, and an abstract type's as each
 * of its objects has them, so that no answer lives longer than it should.
 *
 * `schema` is the supergraph's, whose elements still carry their directives. The document is valid in it.
 */
export function compileCachePolicy(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): CachePolicy {
  const operation = getOperationAST(document, operationName);
  const query = schema.getQueryType();
  if (!operation || !query || operation.operation !== OperationTypeNode.QUERY) return uncacheable;
  const walk = new Walk(schema, document);
  walk.visit(operation.selectionSet, query, true);
  return { maxAge: walk.maxAge ?? 0, scope: walk.isPrivate ? 'PRIVATE' : 'PUBLIC' };
}

class Walk {
  maxAge: number | undefined;
  isPrivate = false;
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments that were seen: what they say of their own type is the same wherever they are spread below the root. */
  readonly #spread = new Set<string>();

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  visit(selections: SelectionSetNode, parent: GraphQLCompositeType, isRoot: boolean): void {
    if (isGuarded(parent)) this.isPrivate = true;
    for (const selection of selections.selections) {
      if (isNeverAnswered(selection.directives)) continue;
      if (selection.kind === Kind.FIELD) this.#visitField(selection.name.value, selection.selectionSet, parent, isRoot);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#visitPart(selection, parent, isRoot);
      } else this.#visitSpread(selection.name.value, parent, isRoot);
    }
  }

  #visitSpread(name: string, parent: GraphQLCompositeType, isRoot: boolean): void {
    const fragment = this.#fragments.get(name);
    if (!fragment || this.#spread.has(name)) return;
    this.#spread.add(name);
    this.#visitPart(fragment, parent, isRoot);
  }

  #visitPart(part: FragmentDefinitionNode | InlineFragmentNode, parent: GraphQLCompositeType, isRoot: boolean): void {
    const type = this.#typeOf(part.typeCondition?.name.value, parent);
    // The field that leads here says only of its own type whether it is somebody's.
    if (type !== parent && isPrivateType(type)) this.isPrivate = true;
    this.visit(part.selectionSet, type, isRoot);
  }

  #visitField(name: string, selections: SelectionSetNode | undefined, parent: GraphQLCompositeType, isRoot: boolean) {
    if (name === '__typename') return;
    // Introspection.
    if (name.startsWith('__')) return this.#restrict(0, false);
    for (const { owner, field } of this.#fieldsOf(parent, name)) {
      const { maxAge, isPrivate } = cacheHintOf(field, isRoot);
      this.#restrict(maxAge, isPrivate || (owner !== parent && isPrivateType(owner)));
    }
    const declared = isUnionType(parent) ? undefined : parent.getFields()[name];
    const type = declared && getNamedType(declared.type);
    if (selections && isCompositeType(type)) this.visit(selections, type, false);
  }

  /** The field, and each object's own where they may differ. */
  #fieldsOf(
    parent: GraphQLCompositeType,
    name: string,
  ): { owner: GraphQLCompositeType; field: GraphQLField<unknown, unknown> }[] {
    const types = isAbstractType(parent) ? [parent, ...this.#schema.getPossibleTypes(parent)] : [parent];
    return types.flatMap((owner) => {
      const field = isUnionType(owner) ? undefined : owner.getFields()[name];
      return field ? [{ owner, field }] : [];
    });
  }

  #typeOf(name: string | undefined, otherwise: GraphQLCompositeType): GraphQLCompositeType {
    const type = name === undefined ? otherwise : this.#schema.getType(name);
    return isCompositeType(type) ? type : otherwise;
  }

  #restrict(maxAge: number | undefined, isPrivate: boolean): void {
    if (maxAge !== undefined) this.maxAge = Math.min(this.maxAge ?? maxAge, maxAge);
    if (isPrivate) this.isPrivate = true;
  }
}

/** `@skip(if: true)` or `@include(if: false)`, written out. */
const isNeverAnswered = (directives: readonly DirectiveNode[] = []): boolean =>
  directives.some(({ name, arguments: given }) => {
    const condition = given?.find((argument) => argument.name.value === 'if')?.value;
    return condition?.kind === Kind.BOOLEAN && condition.value === (name.value === 'skip');
  });

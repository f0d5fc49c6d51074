import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLBoolean,
  type GraphQLCompositeType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { measureJson } from '../limits/measure-values.ts';

/** What an answer looks like under one selection, whichever fragments it is written in. */
export interface ShapedField {
  /** Its name in the answer. */
  readonly name: string;
  readonly kind: 'value' | 'denied' | 'typename' | 'introspection';
  readonly form: Form;
}

/** What a field's value may be. */
export interface Form {
  readonly nonNull: boolean;
  /** Of an entry, where it is a list. */
  readonly entry: Form | undefined;
  /** Of an object. */
  readonly object: Selection | undefined;
  /** Whether a leaf's value is one of its type. */
  readonly fits: ((value: unknown) => boolean) | undefined;
  /** For messages. */
  readonly type: string;
}

export interface SelectionParts {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether `@skip` and `@include` let it be. */
  readonly included: (node: SelectionNode) => boolean;
  /** Fields that the viewer may not see: null, unless another of the same name may be seen. */
  readonly denied?: ReadonlySet<FieldNode> | undefined;
}

/** Selection sets of one place in an operation, merged; worked out once for each type that an object there can be. */
export class Selection {
  readonly #parts: SelectionParts;
  readonly #sets: readonly SelectionSetNode[];
  readonly #denied: ReadonlySet<SelectionSetNode>;
  readonly #byType = new Map<string, readonly ShapedField[]>();
  readonly type: GraphQLCompositeType;

  /** @param denied those of the sets that are of denied fields, where another field of the same name is not denied */
  constructor(
    type: GraphQLCompositeType,
    sets: readonly SelectionSetNode[],
    parts: SelectionParts,
    denied: ReadonlySet<SelectionSetNode> = none,
  ) {
    this.type = type;
    this.#sets = sets;
    this.#denied = denied;
    this.#parts = parts;
  }

  /** The type that an object says it is; undefined where clients know no such type, or it cannot be here. */
  typeNamed(name: string): GraphQLCompositeType | undefined {
    if (name === this.type.name) return this.type;
    const type = this.#parts.schema.getType(name);
    return isCompositeType(type) && this.#is(type, this.type.name) ? type : undefined;
  }

  /** In the order of the operation. */
  fieldsOf(type: GraphQLCompositeType): readonly ShapedField[] {
    let fields = this.#byType.get(type.name);
    if (!fields) {
      fields = this.#workOut(type);
      this.#byType.set(type.name, fields);
    }
    return fields;
  }

  #workOut(type: GraphQLCompositeType): ShapedField[] {
    const nodes = new Map<string, Asked[]>();
    for (const set of this.#sets)
      this.#collect(set, type, nodes, { visited: new Set(), denied: this.#denied.has(set) });
    return [...nodes].flatMap(([name, same]) => this.#fieldOf(type, name, same) ?? []);
  }

  #collect(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    nodes: Map<string, Asked[]>,
    within: { readonly visited: Set<string>; readonly denied: boolean },
  ): void {
    for (const selection of set.selections) {
      if (!this.#parts.included(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const asked = { node: selection, denied: within.denied || (this.#parts.denied?.has(selection) ?? false) };
        const before = nodes.get(name);
        if (before) before.push(asked);
        else nodes.set(name, [asked]);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? this.#spread(selection.name.value, within.visited) : selection;
      if (!fragment) continue;
      const condition = fragment.typeCondition?.name.value;
      if (condition === undefined || this.#is(type, condition)) {
        this.#collect(fragment.selectionSet, type, nodes, within);
      }
    }
  }

  #spread(name: string, visited: Set<string>): FragmentDefinitionNode | undefined {
    if (visited.has(name)) return undefined;
    visited.add(name);
    return this.#parts.fragments.get(name);
  }

  #is(type: GraphQLCompositeType, condition: string): boolean {
    if (type.name === condition) return true;
    const wanted = this.#parts.schema.getType(condition);
    return (
      isAbstractType(wanted) &&
      (isObjectType(type) || isInterfaceType(type)) &&
      this.#parts.schema.isSubType(wanted, type)
    );
  }

  #fieldOf(type: GraphQLCompositeType, name: string, asked: readonly Asked[]): ShapedField | undefined {
    const field = asked[0]?.node.name.value ?? '';
    if (field === '__typename') return { name, kind: 'typename', form: leaf };
    if (field === '__schema' || field === '__type') return { name, kind: 'introspection', form: leaf };
    const definition = 'getFields' in type ? type.getFields()[field] : undefined;
    if (!definition) return undefined;
    if (asked.every(({ denied }) => denied)) {
      return { name, kind: 'denied', form: formOf(definition.type, [], this.#parts, none) };
    }
    const sets = asked.flatMap(({ node }) => node.selectionSet ?? []);
    return { name, kind: 'value', form: formOf(definition.type, sets, this.#parts, deniedOf(asked)) };
  }
}

/** A field of the operation where it counts for one type. */
interface Asked {
  readonly node: FieldNode;
  readonly denied: boolean;
}

const none: ReadonlySet<SelectionSetNode> = new Set();

function deniedOf(asked: readonly Asked[]): ReadonlySet<SelectionSetNode> {
  if (!asked.some(({ denied }) => denied)) return none;
  const sets = new Set(asked.flatMap(({ node, denied }) => (denied && node.selectionSet) || []));
  // Through a fragment the same field may be asked for in a place where it is denied, and in one where it is not.
  for (const { node, denied } of asked) if (!denied && node.selectionSet) sets.delete(node.selectionSet);
  return sets;
}

const leaf: Form = { nonNull: false, entry: undefined, object: undefined, fits: undefined, type: 'String' };

function formOf(
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  parts: SelectionParts,
  denied: ReadonlySet<SelectionSetNode>,
): Form {
  if (isNonNullType(type)) return { ...formOf(type.ofType, sets, parts, denied), nonNull: true, type: String(type) };
  if (isListType(type)) return { ...leaf, entry: formOf(type.ofType, sets, parts, denied), type: String(type) };
  if (isCompositeType(type)) return { ...leaf, object: new Selection(type, sets, parts, denied), type: type.name };
  return { ...leaf, fits: fitOf(type), type: type.name };
}

const integer = (value: unknown): boolean => Number.isInteger(value);

/** GraphQL's integers have 32 bits. */
const int32 = (value: unknown): boolean => typeof value === 'number' && (value | 0) === value;

/** Lists and objects within each other that are passed on: whoever writes or reads more calls itself too often. */
const followed = { valueDepth: 500, listItems: Number.POSITIVE_INFINITY };

const canBeFollowed = (value: unknown): boolean =>
  typeof value !== 'object' || measureJson(value, followed).depth <= followed.valueDepth;

/**
 * Of scalars that GraphQL does not define, any value is one that is not nested without end: what they hold is between
 * subgraph and client.
 */
function fitOf(type: GraphQLLeafType): Form['fits'] {
  if (isEnumType(type)) return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
  switch (type.name) {
    case GraphQLString.name:
      return (value) => typeof value === 'string';
    case GraphQLID.name:
      return (value) => typeof value === 'string' || integer(value);
    case GraphQLInt.name:
      return int32;
    case GraphQLFloat.name:
      return (value) => typeof value === 'number' && Number.isFinite(value);
    case GraphQLBoolean.name:
      return (value) => typeof value === 'boolean';
    default:
      return canBeFollowed;
  }
}

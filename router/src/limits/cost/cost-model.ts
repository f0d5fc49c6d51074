import {
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { type CostDirectiveNames, costDirectiveNames } from './directive-names.ts';

/** What `@listSize` says of a field. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Names of arguments; of fields within them, where the argument is an input object. */
  readonly slicingArguments: readonly (readonly string[])[];
  /** Names of selected fields, and of fields within them. */
  readonly sizedFields: readonly (readonly string[])[];
  readonly requireOneSlicingArgument: boolean;
}

export interface FieldCost {
  readonly coordinate: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly type: GraphQLNamedType;
  /** Each value of it. */
  readonly weight: number;
  /** A value that is no object, such as null: free, unless the schema gives the field a weight. */
  readonly weightOfLeaf: number;
  /** 0 for one value, 1 for a list, 2 for a list of lists. */
  readonly listDepth: number;
  readonly listSize: ListSize | undefined;
}

/**
 * What the parts of a schema cost, by `@cost` and `@listSize` of a supergraph: objects 1, scalars and enums nothing,
 * unless a weight says otherwise; a field's weight counts before its type's. Reads what is asked for, once.
 */
export class CostModel {
  readonly schema: GraphQLSchema;
  readonly #names: CostDirectiveNames;
  readonly #fields = new Map<GraphQLField<unknown, unknown>, FieldCost>();
  readonly #possible = new Map<GraphQLNamedType, ReadonlySet<string>>();

  /** @param schema with its directives: built from SDL, not from an answer to introspection */
  constructor(schema: GraphQLSchema) {
    this.schema = schema;
    this.#names = costDirectiveNames(schema);
  }

  /** Undefined for what only introspection knows, such as `__typename`. */
  field(parent: GraphQLNamedType, name: string): FieldCost | undefined {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
    const definition = parent.getFields()[name];
    if (!definition) return undefined;
    const known = this.#fields.get(definition);
    if (known) return known;
    const read = this.#read(parent, definition);
    this.#fields.set(definition, read);
    return read;
  }

  /** Names of the object types that a value of this type may have. */
  possibleTypes(type: GraphQLNamedType): ReadonlySet<string> {
    const known = this.#possible.get(type);
    if (known) return known;
    const names = new Set(
      isAbstractType(type) ? this.schema.getPossibleTypes(type).map(({ name }) => name) : [type.name],
    );
    this.#possible.set(type, names);
    return names;
  }

  /** The weight that the schema gives it, if any. */
  weightOf(element: GraphQLNamedType | GraphQLArgument | GraphQLInputField): number | undefined {
    return weightIn(element.astNode?.directives, this.#names.cost);
  }

  #read(parent: GraphQLNamedType, definition: GraphQLField<unknown, unknown>): FieldCost {
    const type = getNamedType(definition.type);
    const definitions = this.#definitionsOf(parent, definition);
    const weights = definitions.map(({ astNode }) => weightIn(astNode?.directives, this.#names.cost));
    const given = weights.filter((weight) => weight !== undefined);
    // An interface's field costs what it costs where it costs most.
    const own = given.length > 0 ? Math.max(...given) : undefined;
    const ofType = this.weightOf(type);
    return {
      coordinate: `${parent.name}.${definition.name}`,
      definition,
      type,
      weight: own ?? ofType ?? (isLeafType(type) ? 0 : 1),
      weightOfLeaf: own ?? (isLeafType(type) ? (ofType ?? 0) : 0),
      listDepth: listDepthOf(definition.type),
      listSize: definitions.map((one) => this.#listSizeOf(one)).reduce(larger, undefined),
    };
  }

  #definitionsOf(parent: GraphQLNamedType, definition: GraphQLField<unknown, unknown>) {
    if (!isInterfaceType(parent)) return [definition];
    const implementations = this.schema.getPossibleTypes(parent);
    return [definition, ...implementations.flatMap((type) => type.getFields()[definition.name] ?? [])];
  }

  #listSizeOf({ astNode }: GraphQLField<unknown, unknown>): ListSize | undefined {
    const directive = astNode?.directives?.find(({ name }) => name.value === this.#names.listSize);
    if (!directive) return undefined;
    const given = argumentsOf(directive);
    return {
      assumedSize: typeof given.assumedSize === 'number' ? given.assumedSize : undefined,
      slicingArguments: pathsIn(given.slicingArguments),
      sizedFields: pathsIn(given.sizedFields),
      requireOneSlicingArgument: given.requireOneSlicingArgument !== false,
    };
  }
}

const argumentsOf = (directive: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));

/** A weight is a number; the specification's first draft has it as text. */
function weightIn(directives: readonly ConstDirectiveNode[] | undefined, name: string): number | undefined {
  const directive = directives?.find((one) => one.name.value === name);
  if (!directive) return undefined;
  const weight = Number(argumentsOf(directive).weight);
  return Number.isFinite(weight) ? weight : undefined;
}

const pathsIn = (names: unknown): string[][] =>
  Array.isArray(names) ? names.filter((name) => typeof name === 'string').map((name) => name.split('.')) : [];

function listDepthOf(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepthOf(type.ofType);
  return isListType(type) ? 1 + listDepthOf(type.ofType) : 0;
}

function larger(left: ListSize | undefined, right: ListSize | undefined): ListSize | undefined {
  if (!left || !right) return left ?? right;
  const sizes = [left.assumedSize, right.assumedSize].filter((size) => size !== undefined);
  return {
    assumedSize: sizes.length > 0 ? Math.max(...sizes) : undefined,
    slicingArguments: [...left.slicingArguments, ...right.slicingArguments],
    sizedFields: [...left.sizedFields, ...right.sizedFields],
    requireOneSlicingArgument: left.requireOneSlicingArgument && right.requireOneSlicingArgument,
  };
}

import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type TypeNode,
  typeFromAST,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** https://json-schema.org/draft/2020-12, as much as describes GraphQL's inputs. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What a tool takes: an object with the operation's variables. */
export function inputSchemaOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variableDefinitions: variables = [] }: OperationDefinitionNode,
): JsonSchema {
  const told = descriptionsOf(schema, document);
  const named = new Map<string, JsonSchema>();
  const properties = variables.map(({ variable, type, defaultValue }) => {
    const input = inputTypeOf(schema, type);
    const name = variable.name.value;
    const value = defaultValue ? { default: valueFromASTUntyped(defaultValue) } : {};
    return [name, { ...withDescription(schemaOf(input, named), told.get(name)), ...value }] as const;
  });
  const required = variables
    .filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue)
    .map(({ variable }) => variable.name.value);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    ...(named.size > 0 ? { $defs: Object.fromEntries(named) } : {}),
  };
}

/** What the schema says of the arguments that variables are given for, by the variables' names. */
function descriptionsOf(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<string, string> {
  const types = new TypeInfo(schema);
  const told = new Map<string, string>();
  visit(
    document,
    visitWithTypeInfo(types, {
      Argument({ value }) {
        const description = types.getArgument()?.description;
        if (value.kind === Kind.VARIABLE && description) told.set(value.name.value, description);
      },
    }),
  );
  return told;
}

function inputTypeOf(schema: GraphQLSchema, node: TypeNode): GraphQLInputType {
  const type = typeFromAST(schema, node);
  if (!type) throw new Error('The variable is of no type of the schema.');
  return type as GraphQLInputType;
}

/** @param named objects, which may hold each other, by their names */
function schemaOf(type: GraphQLInputType, named: Map<string, JsonSchema>): JsonSchema {
  if (isNonNullType(type)) return schemaOf(type.ofType, named);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, named) };
  const own: GraphQLNamedInputType = getNamedType(type);
  if (isInputObjectType(own)) {
    if (!named.has(own.name)) {
      // Said to be there before its fields are looked at: one of them may be of its own type.
      named.set(own.name, {});
      named.set(own.name, objectSchema(own, named));
    }
    return { $ref: `#/$defs/${own.name}` };
  }
  if (isEnumType(own)) return { type: 'string', enum: own.getValues().map(({ name }) => name), ...described(own) };
  // What text or a number is, everybody knows.
  return { ...scalarSchema(own.name), ...(isSpecifiedScalarType(own) ? {} : described(own)) };
}

function objectSchema(
  type: Extract<GraphQLNamedInputType, { getFields: unknown }>,
  named: Map<string, JsonSchema>,
): JsonSchema {
  const fields = Object.values(type.getFields());
  const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map(({ name, type: given, description, defaultValue }) => [
        name,
        {
          ...withDescription(schemaOf(given, named), description),
          ...(defaultValue === undefined ? {} : { default: defaultValue }),
        },
      ]),
    ),
    ...(required.length > 0 ? { required: required.map(({ name }) => name) } : {}),
    additionalProperties: false,
    ...described(type),
  };
}

/** What something is for, and how it is written: `Costs at most this. A decimal number …`. */
function withDescription(schema: JsonSchema, description: string | null | undefined): JsonSchema {
  const parts = [description, schema.description].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? { ...schema, description: parts.join(' ') } : schema;
}

const described = ({ description }: { description?: string | null | undefined }): JsonSchema =>
  description ? { description } : {};

function scalarSchema(name: string): JsonSchema {
  switch (name) {
    case 'Int':
      return { type: 'integer' };
    case 'Float':
      return { type: 'number' };
    case 'Boolean':
      return { type: 'boolean' };
    case 'JSON':
      return {};
    default:
      // Every other scalar of the graph travels as text.
      return { type: 'string' };
  }
}

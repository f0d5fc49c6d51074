import {
  type ArgumentNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
  Kind,
  type ValueNode,
} from 'graphql';
import { type Amount, sum, type Variables } from './amounts.ts';
import type { CostModel } from './cost-model.ts';

/** Values of variables, with the operation's defaults for those that are not given. */
export type VariableDefaults = ReadonlyMap<string, unknown>;

/** What a variable stands for; undefined where it is not given. */
export const variable = (name: string, variables: Variables, defaults: VariableDefaults): unknown =>
  // A client's own object: what it inherits is no variable.
  Object.hasOwn(variables, name) && variables[name] !== undefined ? variables[name] : defaults.get(name);

/** What the arguments of a field cost: each input object 1, the rest nothing, unless the schema gives a weight. */
export function argumentsAmount(
  given: readonly ArgumentNode[],
  definition: GraphQLField<unknown, unknown>,
  model: CostModel,
  defaults: VariableDefaults,
): Amount {
  return sum(
    given.map(({ name, value }) => {
      const argument = definition.args.find((one) => one.name === name.value);
      return argument ? literalAmount(value, argument, model, defaults) : 0;
    }),
  );
}

type Input = GraphQLArgument | GraphQLInputField;

function literalAmount(value: ValueNode, input: Input, model: CostModel, defaults: VariableDefaults): Amount {
  const type = getNamedType(input.type);
  switch (value.kind) {
    case Kind.NULL:
      return 0;
    case Kind.VARIABLE: {
      const name = value.name.value;
      if (!isInputObjectType(type) && leafWeight(input, model) === 0) return 0;
      return (variables) => jsonAmount(variable(name, variables, defaults), input, model);
    }
    case Kind.LIST:
      return sum([
        model.weightOf(input) ?? 0,
        ...value.values.map((item) => literalAmount(item, input, model, defaults)),
      ]);
    case Kind.OBJECT: {
      if (!isInputObjectType(type)) return leafWeight(input, model);
      const fields = type.getFields();
      const within = value.fields.map((field) => {
        const inner = fields[field.name.value];
        return inner ? literalAmount(field.value, inner, model, defaults) : 0;
      });
      return sum([objectWeight(input, model), ...within]);
    }
    default:
      return leafWeight(input, model);
  }
}

function jsonAmount(value: unknown, input: Input, model: CostModel): number {
  if (value === null || value === undefined) return 0;
  if (Array.isArray(value)) {
    let total = model.weightOf(input) ?? 0;
    for (const item of value) total += jsonAmount(item, input, model);
    return total;
  }
  const type = getNamedType(input.type);
  if (typeof value !== 'object' || !isInputObjectType(type)) return leafWeight(input, model);
  let total = objectWeight(input, model);
  const fields = type.getFields();
  for (const [name, inner] of Object.entries(value)) {
    const field = fields[name];
    if (field) total += jsonAmount(inner, field, model);
  }
  return total;
}

const leafWeight = (input: Input, model: CostModel): number =>
  model.weightOf(input) ?? model.weightOf(getNamedType(input.type)) ?? 0;

const objectWeight = (input: Input, model: CostModel): number =>
  model.weightOf(input) ?? model.weightOf(getNamedType(input.type)) ?? 1;

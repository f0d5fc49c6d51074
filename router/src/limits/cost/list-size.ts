import { type ArgumentNode, type FieldNode, type GraphQLField, Kind, type ValueNode } from 'graphql';
import { tooCostly } from '../refusals.ts';
import type { Amount, Variables } from './amounts.ts';
import { type VariableDefaults, variable } from './arguments.ts';
import type { FieldCost, ListSize } from './cost-model.ts';

const largestInt = 2 ** 31 - 1;

type Slice = (variables: Variables) => number | undefined;

/**
 * How long the lists of a field may be: the largest of its slicing arguments that are given, with their defaults, else
 * what the schema assumes.
 * @throws GraphQLError OPERATION_TOO_COSTLY (400) where the schema wants exactly one slicing argument; the amount does
 * so too, where that depends on variables.
 */
export function listSizeAmount(
  node: FieldNode,
  { listSize, definition, coordinate }: FieldCost & { listSize: ListSize },
  defaultListSize: number,
  defaults: VariableDefaults,
): Amount {
  const otherwise = listSize.assumedSize ?? defaultListSize;
  const paths = listSize.slicingArguments;
  if (paths.length === 0) return otherwise;
  const slices = paths.map((path) => sliceOf(path, node, definition, defaults));
  const amount = (variables: Variables): number => {
    let most = -1;
    let given = 0;
    for (const slice of slices) {
      const size = typeof slice === 'function' ? slice(variables) : slice;
      if (size === undefined) continue;
      given += 1;
      // A negative one is refused by who knows the field; it costs nothing here.
      most = Math.max(most, Math.min(size, largestInt), 0);
    }
    if (listSize.requireOneSlicingArgument && given !== 1) throw wantsOne(coordinate, paths);
    return given === 0 ? otherwise : most;
  };
  return slices.some((slice) => typeof slice === 'function') ? amount : amount({});
}

function sliceOf(
  [name = '', ...path]: readonly string[],
  node: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  defaults: VariableDefaults,
): number | undefined | Slice {
  const given: ArgumentNode | undefined = node.arguments?.find((argument) => argument.name.value === name);
  const byDefault = sizeIn(definition.args.find((argument) => argument.name === name)?.defaultValue, path);
  if (!given) return byDefault;
  return sizeOfLiteral(given.value, path, byDefault, defaults);
}

function sizeOfLiteral(
  value: ValueNode,
  path: readonly string[],
  byDefault: number | undefined,
  defaults: VariableDefaults,
): number | undefined | Slice {
  // As Apollo Router has it: whoever asks for no length in particular gets what those get who do not ask.
  if (value.kind === Kind.NULL) return byDefault;
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => {
      const found = variable(name, variables, defaults);
      return found === undefined || found === null ? byDefault : sizeIn(found, path);
    };
  }
  if (value.kind === Kind.OBJECT) {
    const [name, ...rest] = path;
    const field = value.fields.find((one) => one.name.value === name);
    return field ? sizeOfLiteral(field.value, rest, undefined, defaults) : undefined;
  }
  if (path.length > 0) return undefined;
  if (value.kind === Kind.LIST) return value.values.length;
  return value.kind === Kind.INT ? Number(value.value) : undefined;
}

/** A whole number, or the length of a list of ids. */
function sizeIn(json: unknown, path: readonly string[]): number | undefined {
  let value = json;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}

function wantsOne(coordinate: string, paths: ListSize['slicingArguments']) {
  const names = paths.map((path) => path.join('.')).join(', ');
  return tooCostly(`${coordinate} wants exactly one of these arguments, which say how long its list may be: ${names}.`);
}

import fc from 'fast-check';
import { buildSchema, execute, Kind, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { CostModel } from '../src/limits/cost/cost-model.ts';
import { compileCost, defaultCostOptions } from '../src/limits/cost/operation-cost.ts';

const schema = buildSchema(`
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(
    assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
  ) on FIELD_DEFINITION
  type Query { items(first: Int!): [Thing] @listSize(slicingArguments: ["first"]) page(first: Int!): Page @cost(weight: 3)
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes"]) thing: Thing }
  type Page { total: Int @cost(weight: 2) nodes: [Thing] }
  interface Thing { id: ID next: Thing others: [Thing] @listSize(assumedSize: 3) }
  type Box implements Thing { id: ID next: Thing @cost(weight: 5) others: [Thing] @listSize(assumedSize: 3) lid: Lid }
  type Tin implements Thing @cost(weight: 4) { id: ID next: Thing others: [Thing] @listSize(assumedSize: 2) label: String }
  type Lid { id: ID }
`);
const model = new CostModel(schema);

const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });
const condition = fc.constantFrom('', '', '@include(if: $yes)', '@skip(if: $yes)', '@include(if: $no)');

const things = (depth: number): fc.Arbitrary<string> => {
  const leaf = fc.constant('id');
  if (depth === 0) return leaf;
  const field = fc.constantFrom('next', 'others', 'a: next', 'b: others');
  const deeper = fc.tuple(field, condition, things(depth - 1)).map(([name, on, set]) => `${name} ${on} { ${set} }`);
  const box = fc.tuple(condition, things(depth - 1)).map(([on, set]) => `... on Box ${on} { lid { id } ${set} }`);
  const tin = things(depth - 1).map((set) => `... on Tin { label ${set} }`);
  return many(fc.oneof(leaf, deeper, box, tin, fc.constant('...Common'))).map((parts) => parts.join(' '));
};
const root = fc
  .tuple(things(3), fc.integer({ min: 0, max: 4 }), fc.nat(4))
  .map(
    ([set, first, which]) =>
      [
        `items(first: ${first}) { ${set} }`,
        `l${first}: items(first: $n) { ${set} }`,
        `p${first}: page(first: ${first}) { total nodes { ${set} } }`,
        `m${first}: page(first: $n) { nodes { ${set} } nodes { id } }`,
        `thing { ${set} }`,
      ][which] ?? '',
  );
const operations = many(root).map(
  (roots) =>
    `query ($n: Int! = 2, $yes: Boolean! = true, $no: Boolean! = false) { ${roots.join(' ')} again: items(first: $n) @include(if: $yes) @skip(if: $no) { id } }
     fragment Common on Thing { next { id } ... on Box { others { id } } }`,
);

/** Values as the schema describes them, no longer than they may be, by whatever the numbers say. */
function valuesBy(numbers: readonly number[]) {
  let at = 0;
  const next = (below: number) => (numbers[at++ % numbers.length] ?? 0) % below;
  const list = (most: number, make: () => unknown) => Array.from({ length: next(most + 1) }, make);
  const thing = (): unknown => {
    const kind = next(4);
    if (kind === 0) return null;
    const type = kind === 1 ? 'Tin' : 'Box';
    const most = type === 'Tin' ? 2 : 3;
    return {
      __typename: type,
      id: '1',
      label: 'x',
      lid: () => ({ id: '1' }),
      next: thing,
      others: () => list(most, thing),
    };
  };
  return {
    items: ({ first }: { first: number }) => list(first, thing),
    page: ({ first }: { first: number }) => ({ total: 1, nodes: () => list(first, thing) }),
    thing,
  };
}

test('no answer costs more than was estimated, whatever is asked of values within their sizes', () => {
  fc.assert(
    fc.property(
      operations,
      fc.array(fc.nat(), { minLength: 5, maxLength: 50 }),
      fc.record({ n: fc.integer({ min: 0, max: 5 }), yes: fc.boolean(), no: fc.boolean() }),
      (text, numbers, variableValues) => {
        const document = parse(text);
        fc.pre(validate(schema, document).length === 0);
        const [operation] = document.definitions;
        if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
        const options = { ...defaultCostOptions, maximumCost: Number.POSITIVE_INFINITY };
        const cost = compileCost(model, document, operation, options);
        const result = execute({ schema, document, rootValue: valuesBy(numbers), variableValues });
        if (result instanceof Promise) throw new Error('answered later');
        expect(result.errors).toBeUndefined();
        const actual = cost.actual(result.data, variableValues);
        expect(actual).toBeGreaterThanOrEqual(0);
        expect(actual).toBeLessThanOrEqual(cost.estimate(variableValues));
      },
    ),
    { numRuns: 400 },
  );
});

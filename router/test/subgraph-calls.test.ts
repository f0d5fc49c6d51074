import { Trace } from '@apollo/usage-reporting-protobuf';
import { OperationTypeNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { readAuthorizationRules } from '../src/authorization/read-rules.ts';
import { compilePlan, type FetchStep, type Step } from '../src/execution/compiled-plan.ts';
import { EntityKeys } from '../src/graph/entity-keys.ts';
import { SubgraphCalls } from '../src/graphos/subgraph-calls.ts';
import { supergraphSdl } from './graph/running-graph.ts';

const graph = {
  supergraphSdl,
  keys: new EntityKeys(parse(supergraphSdl)),
  rules: readAuthorizationRules(supergraphSdl),
};

function stepTo(serviceName: string, ...path: string[]): FetchStep {
  const fetch = {
    kind: 'Fetch',
    serviceName,
    operation: '{ __typename }',
    operationName: undefined,
    operationKind: OperationTypeNode.QUERY,
  } as const;
  const node = path.length === 0 ? fetch : ({ kind: 'Flatten', path, node: fetch } as const);
  const { root } = compilePlan({ kind: 'QueryPlan', node }, graph);
  if (root?.kind !== 'fetch') throw new Error('The plan is no fetch.');
  return root;
}

const ftv1 = (root: Trace.INode = {}) => Buffer.from(Trace.encode({ root }).finish()).toString('base64');

test('steps that went in one call are told as that, where their paths are still one', () => {
  const [products, variants] = [stepTo('stock', 'products', '@'), stepTo('stock', 'products', '@', 'variants', '@')];
  const whole = stepTo('stock', 'products', '@');
  const together: Step = { kind: 'together', whole, steps: [variants, products] };
  const joined = new SubgraphCalls({ areTraced: true });
  joined.begin(whole)([], { data: {}, extensions: { ftv1: ftv1() } });
  joined.ran(together, {});
  expect(joined.plan).toMatchObject({
    flatten: { responsePath: [{ fieldName: 'products' }, { fieldName: '@' }], node: { fetch: { trace: {} } } },
  });

  // Only one of them had anything to ask.
  const alone = new SubgraphCalls({ areTraced: true });
  alone.begin(variants)([], { data: {}, extensions: { ftv1: ftv1() } });
  alone.ran(together, {});
  const [first, second] = alone.plan?.parallel?.nodes ?? [];
  expect(first?.flatten).toMatchObject({ responsePath: { length: 4 }, node: { fetch: { trace: {} } } });
  expect(second?.flatten?.node?.fetch?.trace ?? undefined).toBeUndefined();
});

test('of a condition only what ran is told, in its place: what lies in a node of its own Apollo does not count', () => {
  const [chosen, other] = [stepTo('stock'), stepTo('catalog')];
  const calls = new SubgraphCalls({ areTraced: true });
  const step: Step = { kind: 'condition', variable: 'detailed', whenTrue: chosen, whenFalse: other };
  calls.ran(step, { detailed: true });
  expect(calls.plan?.fetch).toMatchObject({ serviceName: 'stock' });
  calls.ran(step, { detailed: false });
  expect(calls.plan?.fetch).toMatchObject({ serviceName: 'catalog' });
  calls.ran({ ...step, whenFalse: undefined }, { detailed: false });
  expect(Trace.QueryPlanNode.encode(calls.plan ?? {}).finish()).toHaveLength(0);
});

/** A trace whose nodes lie within each other: the `root` of a trace is its field 14, a node's `child` 12. */
function nested(depth: number): string {
  const parts: Buffer[] = [];
  let size = 0;
  const wrap = (field: number) => {
    const head = Buffer.from([(field << 3) | 2, ...varint(size)]);
    parts.push(head);
    size += head.length;
  };
  for (let level = 0; level < depth; level += 1) wrap(12);
  wrap(14);
  return Buffer.concat(parts.reverse()).toString('base64');
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

const failure = { message: 'It is out.', path: ['loans', 0, 'book'] };

test('what is no trace is told as that, however wrong, and the errors beside it', () => {
  const long = ftv1({ child: [{ responseName: 'x'.repeat(4_000_000) }] });
  for (const given of ['AAAA', '', nested(50_000), long, 7, {}]) {
    const calls = new SubgraphCalls({ areTraced: true });
    const step = stepTo('stock');
    calls.begin(step)([failure], { data: {}, extensions: { ftv1: given } });
    calls.ran(step, {});
    expect(calls.plan?.fetch).toMatchObject({ serviceName: 'stock', traceParsingFailed: true });
    expect(calls.untracedErrors).toEqual([{ subgraph: 'stock', path: failure.path }]);
    expect(Trace.QueryPlanNode.verify(calls.plan ?? {})).toBeNull();
  }
});

test('errors are told once: by the trace of their call, or beside it, never by that of another', () => {
  const calls = new SubgraphCalls({ areTraced: true });
  calls.begin(stepTo('stock', 'products', '@'))([failure], { data: {}, extensions: { ftv1: ftv1() } });
  expect(calls.untracedErrors).toEqual([]);
  calls.begin(stepTo('stock'))([{ message: 'The stock service cannot be reached.' }]);
  calls.begin(stepTo('catalog'))([failure], { data: {} });
  expect(calls.untracedErrors).toEqual([
    { subgraph: 'stock', path: [] },
    { subgraph: 'catalog', path: failure.path },
  ]);
  expect(['stock', 'catalog', 'cart'].filter((name) => calls.include(name))).toEqual(['stock', 'catalog']);
});

test('what is not traced has its errors and no plan', () => {
  const calls = new SubgraphCalls({ areTraced: false });
  const step = stepTo('stock');
  calls.begin(step)([failure], { data: {}, extensions: { ftv1: ftv1() } });
  calls.ran(step, {});
  expect(calls.plan).toBeUndefined();
  expect(calls.untracedErrors).toHaveLength(1);
});

test("a root type goes by the graph's name for it", () => {
  for (const isMutation of [false, true]) {
    const calls = new SubgraphCalls({ areTraced: true });
    const step = { ...stepTo('stock'), isMutation };
    const root = { child: [{ responseName: 'adjust', parentType: 'StockRoot' }] };
    calls.begin(step)([], { data: {}, extensions: { ftv1: ftv1(root) } });
    calls.ran(step, {});
    const [field] = calls.plan?.fetch?.trace?.root?.child ?? [];
    expect(field?.parentType).toBe(isMutation ? 'Mutation' : 'Query');
  }
});

test('of a trace fields and times are passed on; of an error its place and code', () => {
  const calls = new SubgraphCalls({ areTraced: true });
  const step = stepTo('stock');
  const json = JSON.stringify({ message: 'ada@example.com is taken', extensions: { code: 'TAKEN', who: 'ada' } });
  const root = { child: [{ responseName: 'loans', error: [{ message: 'ada@example.com', json }] }] };
  const trace = Trace.encode({
    root,
    durationNs: 7,
    http: { requestHeaders: { authorization: { value: ['Bearer ada'] } } },
    details: { variablesJson: { mail: 'ada@example.com' } },
    unexecutedOperationBody: 'ada',
  }).finish();
  calls.begin(step)([], { data: {}, extensions: { ftv1: Buffer.from(trace).toString('base64') } });
  calls.ran(step, {});
  const told = Trace.decode(Trace.encode(calls.plan?.fetch?.trace ?? {}).finish());
  expect(Number(told.durationNs)).toBe(7);
  expect(told.root?.child?.[0]?.error).toMatchObject([
    { message: '<masked>', json: '{"message":"<masked>","extensions":{"code":"TAKEN"}}' },
  ]);
  expect(JSON.stringify(told)).not.toContain('ada');
});

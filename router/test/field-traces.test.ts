import { Trace } from '@apollo/usage-reporting-protobuf';
import { expect, test } from 'vitest';
import type { FetchStep, Step } from '../src/execution/compiled-plan.ts';
import { FieldTraces } from '../src/graphos/field-traces.ts';

const stepTo = (subgraph: string, ...path: string[]) =>
  ({ kind: 'fetch', subgraph, path, isMutation: false }) as unknown as FetchStep;

const ftv1 = (root: Trace.INode = {}) => Buffer.from(Trace.encode({ root }).finish()).toString('base64');

test('steps that went in one call are told as that, where their paths are still one', () => {
  const [products, variants] = [stepTo('stock', 'products', '@'), stepTo('stock', 'products', '@', 'variants', '@')];
  const whole = stepTo('stock', 'products', '@');
  const together: Step = { kind: 'together', whole, steps: [variants, products] };
  const joined = new FieldTraces();
  joined.asked(whole)({ data: {}, extensions: { ftv1: ftv1() } });
  joined.ran(together, {});
  expect(joined.plan).toMatchObject({
    flatten: { responsePath: [{ fieldName: 'products' }, { fieldName: '@' }], node: { fetch: { trace: {} } } },
  });

  // Only one of them had anything to ask.
  const alone = new FieldTraces();
  alone.asked(variants)({ data: {}, extensions: { ftv1: ftv1() } });
  alone.ran(together, {});
  const [first, second] = alone.plan?.parallel?.nodes ?? [];
  expect(first?.flatten).toMatchObject({ responsePath: { length: 4 }, node: { fetch: { trace: {} } } });
  expect(second?.flatten?.node?.fetch?.trace ?? undefined).toBeUndefined();
});

test('of a condition only what ran is told', () => {
  const [chosen, other] = [stepTo('stock'), stepTo('catalog')];
  const traces = new FieldTraces();
  const step: Step = { kind: 'condition', variable: 'detailed', whenTrue: chosen, whenFalse: other };
  traces.ran(step, { detailed: true });
  expect(traces.plan?.condition).toMatchObject({
    condition: 'detailed',
    ifClause: { fetch: { serviceName: 'stock' } },
  });
  traces.ran(step, { detailed: false });
  expect(traces.plan?.condition).toMatchObject({ elseClause: { fetch: { serviceName: 'catalog' } } });
  expect(Trace.QueryPlanNode.verify(traces.plan ?? {})).toBeNull();
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

test('what is no trace is told as that, however wrong', () => {
  for (const given of ['AAAA', nested(50_000), 7, {}]) {
    const traces = new FieldTraces();
    const step = stepTo('stock');
    traces.asked(step)({ data: {}, extensions: { ftv1: given } });
    traces.ran(step, {});
    expect(traces.areToldBy('stock')).toBe(false);
    expect(Trace.QueryPlanNode.encode(traces.plan ?? {}).finish().length).toBeGreaterThan(0);
  }
});

test("a root type goes by the graph's name for it, and an error by its code", () => {
  const traces = new FieldTraces();
  const step = stepTo('stock');
  const json = JSON.stringify({ message: 'ada@example.com is taken', extensions: { code: 'TAKEN', who: 'ada' } });
  const root = {
    child: [{ responseName: 'warehouses', parentType: 'StockQuery', error: [{ message: 'ada@example.com', json }] }],
  };
  traces.asked(step)({ data: {}, extensions: { ftv1: ftv1(root) } });
  traces.ran(step, {});
  expect(traces.areToldBy('stock')).toBe(true);
  expect(traces.areToldBy('catalog')).toBe(false);
  const [field] = traces.plan?.fetch?.trace?.root?.child ?? [];
  expect(field?.parentType).toBe('Query');
  expect(field?.error).toMatchObject([
    { message: '<masked>', json: '{"message":"<masked>","extensions":{"code":"TAKEN"}}' },
  ]);
});

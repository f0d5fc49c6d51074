import type { Worker as Thread } from 'node:worker_threads';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PlanningBusyError, PlanningThread, PlanningTooCostlyError } from '../src/planning/planning-thread.ts';
import { type RunningGraph, runGraph, supergraphSdl } from './graph/running-graph.ts';

const threads = vi.hoisted(() => ({ started: 0, areBroken: false }));

/** Threads as they are, counted; or such that end where they begin, as when their program is gone. */
vi.mock('node:worker_threads', async (original) => {
  const actual = await original<{ Worker: typeof Thread }>();
  class Worker extends actual.Worker {
    constructor(...[program, options]: ConstructorParameters<typeof Thread>) {
      threads.started += 1;
      super(threads.areBroken ? 'throw new Error("There is no such program.")' : program, options);
    }
  }
  return { ...actual, Worker };
});

let close: () => Promise<void> = async () => {};
afterEach(async () => {
  threads.areBroken = false;
  await close();
});

describe('operations that take too long to plan', () => {
  let graph: RunningGraph;

  test('are refused at once when they come again, and others wait no longer than they may take', {
    timeout: 30_000,
  }, async () => {
    graph = await runGraph({ planning: { timeoutMs: 1 }, timeouts: { operation: 200 } });
    close = () => graph.close();
    threads.started = 0;
    const first = await graph.ask('{ products { title available } }');
    expect(first).toMatchObject({ status: 400, errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY' } }] });
    // The new thread takes longer than that to know the graph.
    const other = await graph.ask('{ products { id available } }');
    expect(other).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect(other.headers.get('retry-after')).toBe('1');

    await expect
      .poll(() => graph.ask('{ products { id available } }').then(({ status }) => status), { timeout: 20_000 })
      .toBe(400);
    const before = threads.started;
    for (let time = 0; time < 5; time += 1) {
      const { status, errors } = await graph.ask('{ products { title available } }');
      expect(status).toBe(400);
      expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COSTLY' } }]);
    }
    expect(threads.started).toBe(before);
  });
});

/** Each level doubles the ways that the planner looks at. */
const explosive = `{ product(id: 1) { ...F0 } } ${Array.from(
  { length: 20 },
  (_, n) =>
    `fragment F${n} on Product { ${n < 19 ? `a: parent { ...F${n + 1} } b: parent { ...F${n + 1} }` : 'title'} }`,
).join(' ')}`;

test('a thread that cannot start is tried again later, and who waits is told', { timeout: 30_000 }, async () => {
  const planning = new PlanningThread({ timeoutMs: 500 });
  close = () => planning.close();
  const { graph } = await planning.load(supergraphSdl);
  threads.started = 0;
  threads.areBroken = true;
  const costly = planning.plan(graph, explosive, undefined);
  const waiting = planning.plan(graph, '{ products { title } }', undefined);
  await Promise.all([
    expect(costly).rejects.toThrow(PlanningTooCostlyError),
    expect(waiting).rejects.toThrow(PlanningBusyError),
  ]);
  await expect(planning.plan(graph, '{ products { id } }', undefined)).rejects.toThrow(PlanningBusyError);
  expect(threads.started).toBe(1);

  threads.areBroken = false;
  const plan = () => planning.plan(graph, '{ products { id } }', undefined);
  await expect.poll(() => plan().then(({ kind }) => kind, String), { timeout: 20_000 }).toBe('QueryPlan');
  expect(threads.started).toBe(2);
});

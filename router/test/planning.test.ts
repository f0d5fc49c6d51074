import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PlanningBusyError, PlanningThread, PlanningTooCostlyError } from '../src/planning/planning-thread.ts';
import { startThread } from '../src/planning/start-thread.ts';
import { type RunningGraph, runGraph, supergraphSdl } from './graph/running-graph.ts';

let started = 0;
const count = () => {
  started += 1;
};
beforeAll(() => void process.on('worker', count));
afterAll(() => void process.off('worker', count));

let close: () => Promise<void> = async () => {};
afterEach(async () => {
  await close();
});

describe('operations that take too long to plan', () => {
  let graph: RunningGraph;

  test('are refused at once when they come again, and others wait no longer than they may take', {
    timeout: 30_000,
  }, async () => {
    graph = await runGraph({ planning: { timeoutMs: 1, start: startThread }, timeouts: { operation: 200 } });
    close = () => graph.close();
    started = 0;
    const first = await graph.ask('{ products { title available } }');
    expect(first).toMatchObject({ status: 400, errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY' } }] });
    // The new thread takes longer than that to know the graph.
    const other = await graph.ask('{ products { id available } }');
    expect(other).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect(other.headers.get('retry-after')).toBe('1');

    await expect
      .poll(() => graph.ask('{ products { id available } }').then(({ status }) => status), { timeout: 20_000 })
      .toBe(400);
    const before = started;
    for (let time = 0; time < 5; time += 1) {
      const { status, errors } = await graph.ask('{ products { title available } }');
      expect(status).toBe(400);
      expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COSTLY' } }]);
    }
    expect(started).toBe(before);
  });
});

/** Each level doubles the ways that the planner looks at. */
const explosive = `{ product(id: 1) { ...F0 } } ${Array.from(
  { length: 20 },
  (_, n) =>
    `fragment F${n} on Product { ${n < 19 ? `a: parent { ...F${n + 1} } b: parent { ...F${n + 1} }` : 'title'} }`,
).join(' ')}`;

test('a thread that cannot start is tried again later, and who waits is told', { timeout: 30_000 }, async () => {
  let isBroken = false;
  const start = (memoryMb: number) =>
    isBroken ? new Worker('throw new Error("There is no such program.")', { eval: true }) : startThread(memoryMb);
  const planning = new PlanningThread({ timeoutMs: 500, start });
  close = () => planning.close();
  const { graph } = await planning.load(supergraphSdl);
  started = 0;
  isBroken = true;
  const costly = planning.plan(graph, explosive, undefined);
  const waiting = planning.plan(graph, '{ products { title } }', undefined);
  await Promise.all([
    expect(costly).rejects.toThrow(PlanningTooCostlyError),
    expect(waiting).rejects.toThrow(PlanningBusyError),
  ]);
  await expect(planning.plan(graph, '{ products { id } }', undefined)).rejects.toThrow(PlanningBusyError);
  expect(started).toBe(1);

  isBroken = false;
  const plan = () => planning.plan(graph, '{ products { id } }', undefined);
  await expect.poll(() => plan().then(({ kind }) => kind, String), { timeout: 20_000 }).toBe('QueryPlan');
  expect(started).toBe(2);
});

test("a heap that the process was given is not the thread's", { timeout: 30_000 }, () => {
  const program = `
    import { Worker } from 'node:worker_threads';
    import { startThread } from ${JSON.stringify(new URL('../src/planning/start-thread.ts', import.meta.url).href)};
    await startThread(150).terminate();
    const told = "require('node:worker_threads').parentPort.postMessage(require('node:v8').getHeapStatistics().heap_size_limit)";
    const resourceLimits = { maxOldGenerationSizeMb: 150, maxYoungGenerationSizeMb: 8 };
    new Worker(told, { eval: true, execArgv: [], resourceLimits }).once('message', (limit) => console.log(limit / 1024 / 1024));
  `;
  const heap = ['--max-old-space-size=1024', '--max-semi-space-size=32'];
  const output = execFileSync(process.execPath, [...heap, '--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(Number(output)).toBeGreaterThanOrEqual(150);
  expect(Number(output)).toBeLessThan(200);
});

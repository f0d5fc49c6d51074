import { deepStrictEqual } from 'node:assert';
import type { Benchmark } from '../benchmark.ts';
import { type LoadClient, loadClient } from '../load/client.ts';
import { type RequestAt, sendMany } from '../load/rounds.ts';
import type { MeasuredProcess } from '../processes/measured-process.ts';
import { ratioGate } from '../report/figure.ts';
import { startContestants } from './contestants.ts';
import { query } from './subgraphs.ts';

const connections = 10;

/** Each asks for another page: no two requests that are on their way at once could be served by one. */
const distinct: RequestAt = (index) => ({ query, variables: { page: index % 100_000 } });

interface Contestant {
  readonly router: MeasuredProcess;
  readonly client: LoadClient;
}

/** CPU a request of our router against the stock gateway's, in turns, on the same subgraphs. */
export const router: Benchmark = async ({ quick, tell, profileDir }) => {
  const rounds = quick ? 3 : 9;
  const count = quick ? 1_000 : 2_000;
  const { ours, stock, subgraphs, stop } = await startContestants(profileDir);
  const a: Contestant = { router: stock, client: loadClient(stock.url, connections) };
  const b: Contestant = { router: ours, client: loadClient(new URL('/graphql', ours.url).href, connections) };
  try {
    await mustAgree(a.client, b.client);
    tell('  answers agree; warming up');
    for (const { client } of [a, b])
      await sendMany(client, { connections, count: quick ? 1_000 : 4_000, requestAt: distinct });

    const measured = { stock: [] as Cost[], ours: [] as Cost[] };
    for (let round = 0; round < rounds; round += 1) {
      measured.stock.push(await costOf(a, subgraphs, round * count, count));
      measured.ours.push(await costOf(b, subgraphs, round * count, count));
      tell(
        `  round ${round + 1} of ${rounds}: ${describe(measured.stock.at(-1))} stock, ${describe(measured.ours.at(-1))} ours`,
      );
    }
    const ratios = (of: (cost: Cost) => number) =>
      measured.stock.map((cost, round) => of(cost) / of(measured.ours[round] ?? cost));
    return [
      { name: 'stock gateway, CPU a request', unit: 'µs', values: measured.stock.map((cost) => cost.router) },
      { name: 'our router, CPU a request', unit: 'µs', values: measured.ours.map((cost) => cost.router) },
      {
        name: 'stock ÷ ours, router alone',
        unit: '×',
        values: ratios((cost) => cost.router),
        wish: ratioGate('at least', 2),
      },
      { name: 'stock ÷ ours, subgraphs included', unit: '×', values: ratios((cost) => cost.router + cost.subgraphs) },
      { name: 'stock gateway, requests a second', unit: '1/s', values: measured.stock.map((cost) => cost.perSecond) },
      { name: 'our router, requests a second', unit: '1/s', values: measured.ours.map((cost) => cost.perSecond) },
    ];
  } finally {
    await Promise.all([a.client.close(), b.client.close()]);
    await stop();
  }
};

/** Microseconds of CPU a request. */
interface Cost {
  readonly router: number;
  readonly subgraphs: number;
  readonly perSecond: number;
}

const describe = (cost: Cost | undefined): string => `${Math.round(cost?.router ?? 0)} µs`;

async function costOf(
  { router, client }: Contestant,
  subgraphs: readonly MeasuredProcess[],
  first: number,
  count: number,
): Promise<Cost> {
  const usage = async () => {
    const [own, ...others] = await Promise.all([router, ...subgraphs].map((running) => running.usage()));
    return {
      own: own?.cpuMicroseconds ?? 0,
      others: others.reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0),
    };
  };
  const before = await usage();
  const started = performance.now();
  await sendMany(client, { connections, count, first, requestAt: distinct });
  const seconds = (performance.now() - started) / 1000;
  const after = await usage();
  return {
    router: (after.own - before.own) / count,
    subgraphs: (after.others - before.others) / count,
    perSecond: count / seconds,
  };
}

/** A router that answered less would be no faster. */
async function mustAgree(stock: LoadClient, ours: LoadClient): Promise<void> {
  for (let index = 0; index < 100; index += 1) {
    const [expected, actual] = await Promise.all([stock, ours].map((client) => client.send(distinct(index))));
    deepStrictEqual(JSON.parse(actual ?? ''), JSON.parse(expected ?? ''));
  }
}

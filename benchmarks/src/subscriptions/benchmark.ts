import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Benchmark } from '../benchmark.ts';
import { createIssuer } from '../gateways/identities.ts';
import { type MeasuredProcess, startMeasured } from '../processes/measured-process.ts';
import { startOurRouter } from '../processes/our-router.ts';
import { aim, countGate, type Figure } from '../report/figure.ts';
import { Followers } from './followers.ts';
import { composeClock } from './supergraph.ts';

const followed = z.object({ kind: z.literal('followed'), followers: z.number(), number: z.number() });
const kibibyte = 1_024;
const mebibyte = 1_024 * kibibyte;

/** Milliseconds in which nothing happens. */
const idleMs = 10_000;

/** What subscribers cost our router while nothing happens, and how soon the last of them is told when something does. */
export const subscriptions: Benchmark = async ({ quick, tell, profileDir }) => {
  const count = quick ? 500 : 2_000;
  const events = quick ? 5 : 20;
  const folder = mkdtempSync(join(tmpdir(), 'mercato-bench-'));
  const issuer = createIssuer();
  const clock = await startMeasured(['benchmarks/src/subscriptions/subgraph-process.ts']);
  const supergraphFile = join(folder, 'supergraph.graphql');
  writeFileSync(supergraphFile, composeClock(clock.url));
  const trust = { JWT_PUBLIC_KEYS: JSON.stringify([issuer.publicKey]) };
  const figures: Figure[] = [];
  const kinds = [
    { who: `${count} guests who follow the same`, tokenOf: undefined, streams: 1 },
    { who: `${count} customers`, tokenOf: (index: number) => issuer.tokenOf(`customer_${index}`), streams: count },
  ];
  try {
    for (const { who, tokenOf, streams } of kinds) {
      tell(`  ${who}`);
      const urls = { clock: clock.url };
      const router = await startOurRouter({ supergraphFile, urls, trust, profileDir, withoutGarbage: true });
      try {
        const measured = await measure(router, clock, { count, events, tokenOf });
        figures.push(...figuresOf(measured, { who, count, streams }));
      } finally {
        await router.stop();
      }
    }
    return figures;
  } finally {
    await clock.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Measured {
  readonly rssBefore: number;
  readonly rssIdle: number;
  readonly rssAfter: number;
  /** What the program holds for all idle subscribers. */
  readonly live: number;
  /** Streams that the subgraph serves. */
  readonly streams: number;
  /** Part of one core. */
  readonly idle: number;
  readonly untilLast: number[];
  /** Microseconds, for each subscriber. */
  readonly cpuAnEvent: number;
}

async function measure(
  router: MeasuredProcess,
  clock: MeasuredProcess,
  { count, events, tokenOf }: { count: number; events: number; tokenOf: ((index: number) => string) | undefined },
): Promise<Measured> {
  const followers = new Followers(router.url);
  try {
    // What the first few cost is the program's: code, plans, caches.
    await followers.open(50, tokenOf);
    await followers.close();
    await settled();
    const { rssBytes: rssBefore, liveBytes: liveBefore } = await router.usage();
    await followers.open(count, tokenOf);
    const before = await router.usage();
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    const { rssBytes: rssIdle, liveBytes: liveIdle, cpuMicroseconds } = await router.usage();
    const { followers: streams } = await clock.ask('count', followed);
    const untilLast: number[] = [];
    for (let event = 0; event < events; event += 1) {
      const begun = performance.now();
      const { number } = await clock.ask('tick', followed);
      await followers.all(number);
      untilLast.push(performance.now() - begun);
    }
    const { rssBytes: rssAfter, cpuMicroseconds: usedAfter } = await router.usage();
    const cpuAnEvent = (usedAfter - cpuMicroseconds) / count / events;
    const idle = (cpuMicroseconds - before.cpuMicroseconds) / (idleMs * 1_000);
    return { rssBefore, rssIdle, rssAfter, live: liveIdle - liveBefore, streams, idle, untilLast, cpuAnEvent };
  } finally {
    await followers.close();
  }
}

/** A moment for what was closed to be gone. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 1_000));

function figuresOf(
  { rssBefore, rssIdle, rssAfter, live, streams: counted, idle, untilLast, cpuAnEvent }: Measured,
  { who, count, streams }: { who: string; count: number; streams: number },
): Figure[] {
  const each = (bytes: number) => bytes / count / kibibyte;
  return [
    {
      name: `${who}: streams from the subgraph`,
      unit: 'streams',
      values: [counted],
      wish: countGate('at most', streams),
    },
    { name: `${who}: memory of the router before`, unit: 'MiB', values: [rssBefore / mebibyte] },
    { name: `${who}: memory, idle`, unit: 'MiB', values: [rssIdle / mebibyte], wish: aim('at most', 400) },
    { name: `${who}: memory an idle subscriber`, unit: 'KiB', values: [each(rssIdle - rssBefore)] },
    { name: `${who}: live memory an idle subscriber`, unit: 'KiB', values: [each(live)], wish: aim('at most', 60) },
    { name: `${who}: memory after the events`, unit: 'MiB', values: [rssAfter / mebibyte] },
    { name: `${who}: CPU while idle`, unit: '% of a core', values: [idle * 100] },
    { name: `${who}: from an event to the last`, unit: 'ms', values: untilLast, wish: aim('at most', 1_000) },
    { name: `${who}: CPU an event and subscriber`, unit: 'µs', values: [cpuAnEvent] },
  ];
}

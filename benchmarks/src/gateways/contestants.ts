import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heapOptions } from '@mercato/bundle';
import { type LoadClient, loadClient } from '../load/client.ts';
import { type MeasuredProcess, startMeasured } from '../processes/measured-process.ts';
import { startOurRouter } from '../processes/our-router.ts';
import { createIssuer, type Issuer } from './identities.ts';
import type { GatewayName } from './names.ts';
import { composeWorld, type WorldName, worlds } from './worlds.ts';

export interface Contestant {
  readonly name: GatewayName;
  readonly process: MeasuredProcess;
  readonly client: LoadClient;
}

export interface Arena {
  readonly contestants: readonly Contestant[];
  readonly subgraphs: MeasuredProcess;
  /** Whose tokens our router believes. */
  readonly issuer: Issuer;
  stop(): Promise<void>;
}

interface Wanted {
  readonly gateways: readonly GatewayName[];
  readonly connections: number;
  readonly profileDir: string | undefined;
}

/** The gateways, each in a process of its own, over the same running subgraphs and the same supergraph. */
export async function openArena(worldName: WorldName, wanted: Wanted): Promise<Arena> {
  const issuer = createIssuer();
  const folder = mkdtempSync(join(tmpdir(), 'mercato-bench-'));
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
    rmSync(folder, { recursive: true, force: true });
  };
  const started = (running: MeasuredProcess) => {
    undo.push(() => running.stop());
    return running;
  };
  try {
    const subgraphs = started(await startMeasured(['benchmarks/src/gateways/subgraph-process.ts', worldName]));
    const supergraphFile = join(folder, 'supergraph.graphql');
    writeFileSync(supergraphFile, composeWorld(worlds[worldName], subgraphs.urls));
    const contestants: Contestant[] = [];
    for (const name of wanted.gateways) {
      const running = started(
        name === 'ours'
          ? await startOurRouter({
              supergraphFile,
              urls: subgraphs.urls,
              trust: { JWT_PUBLIC_KEYS: JSON.stringify([issuer.publicKey]) },
              profileDir: wanted.profileDir,
            })
          : await startMeasured(peers[name](supergraphFile), {}, heapOptions),
      );
      const client = loadClient(new URL('/graphql', running.url).href, wanted.connections);
      undo.push(() => client.close());
      contestants.push({ name, process: running, client });
    }
    return { contestants, subgraphs, issuer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Program = readonly [entry: string, ...args: string[]];

const peers: Readonly<Record<Exclude<GatewayName, 'ours'>, (supergraphFile: string) => Program>> = {
  stock: (supergraphFile) => ['benchmarks/src/gateways/peers/stock.mjs', supergraphFile],
  hive: (supergraphFile) => ['benchmarks/src/gateways/peers/hive.mjs', supergraphFile],
  'hive-rust': (supergraphFile) => ['benchmarks/src/gateways/peers/hive.mjs', supergraphFile, 'rust'],
};

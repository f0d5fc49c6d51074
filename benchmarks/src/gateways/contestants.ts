import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@mercato/auth';
import { bundleServices } from '@mercato/launcher/bundle';
import { type LoadClient, loadClient } from '../load/client.ts';
import { type MeasuredProcess, startMeasured } from '../processes/measured-process.ts';
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
          ? await startOurs({ issuer, supergraphFile, urls: subgraphs.urls }, wanted.profileDir)
          : await startMeasured(peers[name](supergraphFile)),
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

interface OurSettings {
  readonly issuer: Issuer;
  readonly supergraphFile: string;
  readonly urls: Readonly<Record<string, string>>;
}

/** As the processes topology and the image run it, log lines included. */
async function startOurs(
  { issuer, supergraphFile, urls }: OurSettings,
  profileDir: string | undefined,
): Promise<MeasuredProcess> {
  const entry = 'router/src/main.ts';
  const program = (await bundleServices([entry])).get(entry);
  if (!program) throw new Error(`${entry} was not bundled.`);
  if (profileDir) mkdirSync(profileDir, { recursive: true });
  return startMeasured(
    [program],
    {
      SUPERGRAPH_FILE: supergraphFile,
      SUBGRAPH_URLS: JSON.stringify(urls),
      SIGNING_KEY: JSON.stringify(generateKey()),
      JWT_PUBLIC_KEYS: JSON.stringify([issuer.publicKey]),
      PORT: '0',
      LOG_LEVEL: 'info',
      // These graphs have no tags.
      CONTRACTS: '{}',
    },
    ['--enable-source-maps', ...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [])],
  );
}

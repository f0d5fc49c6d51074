import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@mercato/auth';
import { type MeasuredProcess, startMeasured } from '../processes/measured-process.ts';
import { trivialSubgraphs } from './subgraphs.ts';
import { composeTrivial } from './supergraph.ts';

export interface Contestants {
  readonly ours: MeasuredProcess;
  readonly stock: MeasuredProcess;
  readonly subgraphs: readonly MeasuredProcess[];
  stop(): Promise<void>;
}

/** Both routers over the same running subgraphs and the same supergraph, each in a process of its own. */
export async function startContestants(profileDir?: string): Promise<Contestants> {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-bench-'));
  const started: MeasuredProcess[] = [];
  const start = async (...parameters: Parameters<typeof startMeasured>) => {
    const running = await startMeasured(...parameters);
    started.push(running);
    return running;
  };
  const stop = async () => {
    await Promise.all(started.map((running) => running.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const urls: Record<string, string> = {};
    for (const { name } of trivialSubgraphs) {
      urls[name] = (await start(['benchmarks/src/router/subgraph-process.ts', name])).url;
    }
    const subgraphs = [...started];
    const supergraphFile = join(folder, 'supergraph.graphql');
    writeFileSync(supergraphFile, composeTrivial(urls));
    const stock = await start(['benchmarks/src/router/stock-gateway-process.ts', supergraphFile]);
    const profile = profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [];
    const ours = await start(['router/src/main.ts'], ourSettings(folder, supergraphFile, urls), profile);
    return { ours, stock, subgraphs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As the processes topology runs it, explorer and log lines included. */
const ourSettings = (dataDir: string, supergraphFile: string, urls: Record<string, string>) => ({
  SUPERGRAPH_FILE: supergraphFile,
  SUBGRAPH_URLS: JSON.stringify(urls),
  SIGNING_KEY: JSON.stringify(generateKey()),
  MERCATO_DATA_DIR: dataDir,
  PORT: '0',
  LOG_LEVEL: 'info',
  // These graphs have no tags.
  CONTRACTS: '{}',
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heapOptions } from '@mercato/bundle';
import { type MeasuredProcess, startMeasured } from '../processes/measured-process.ts';
import { startOurRouter } from '../processes/our-router.ts';
import { trivialSubgraphs } from './subgraphs.ts';
import { composeTrivial } from './supergraph.ts';

export interface Contestants {
  readonly ours: MeasuredProcess;
  readonly stock: MeasuredProcess;
  readonly subgraphs: readonly MeasuredProcess[];
  stop(): Promise<void>;
}

/** Both routers over the same running subgraphs and the same supergraph, each in a process of its own. */
export async function startContestants(profileDir: string | undefined): Promise<Contestants> {
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
    const stock = await start(['benchmarks/src/router/stock-gateway-process.ts', supergraphFile], {}, heapOptions);
    const ours = await startOurRouter({ supergraphFile, urls, trust: { MERCATO_DATA_DIR: folder }, profileDir });
    started.push(ours);
    return { ours, stock, subgraphs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

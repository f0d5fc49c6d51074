import { aim, countGate, type Figure, ratioGate } from '../report/figure.ts';
import type { Contestant } from './contestants.ts';
import type { Round } from './measure.ts';
import type { GatewayName } from './names.ts';

const titles: Readonly<Record<GatewayName, string>> = {
  ours: 'ours',
  stock: 'stock',
  hive: 'Hive',
  'hive-rust': 'Hive with Rust planner',
};

/** Of what is asked of the router: twice as lean as the stock gateway where nobody can share, in at most seven calls. */
const gated = 'nested, distinct identity';

export function roundFigures(what: string, rounds: ReadonlyMap<GatewayName, readonly Round[]>): Figure[] {
  const figures: Figure[] = [];
  for (const [name, of] of rounds) {
    const title = `${what}: ${titles[name]}`;
    const calls = of.map((round) => round.callsAnOperation);
    figures.push(
      { name: `${title}, CPU an operation`, unit: 'ms', values: of.map((round) => round.cpuMilliseconds) },
      { name: `${title}, requests a second`, unit: '1/s', values: of.map((round) => round.perSecond) },
      { name: `${title}, p99`, unit: 'ms', values: of.map((round) => round.p99Milliseconds) },
      {
        name: `${title}, calls of subgraphs an operation`,
        unit: 'calls',
        values: calls,
        ...(name === 'ours' && what === gated ? { wish: countGate('at most', 7) } : {}),
      },
    );
  }
  const ours = rounds.get('ours');
  for (const [name, of] of rounds) {
    if (name === 'ours' || !ours) continue;
    const values = of.map((round, index) => round.cpuMilliseconds / (ours[index]?.cpuMilliseconds ?? Number.NaN));
    const ratio = { name: `${what}: ${titles[name]} ÷ ours, CPU an operation`, unit: '×', values };
    if (name === 'stock') {
      figures.push(what === gated ? { ...ratio, wish: ratioGate('at least', 2) } : ratio);
      if (what.startsWith('nested')) figures.push({ ...ratio, name: `${ratio.name}: aim`, wish: aim('at least', 4) });
    } else {
      figures.push({ ...ratio, wish: aim('at least', 1) });
    }
  }
  return figures;
}

/** Once all that is measured has been. */
export async function memoryFigures(contestants: readonly Contestant[]): Promise<Figure[]> {
  return Promise.all(
    contestants.map(async ({ name, process: gateway }) => {
      const { rssBytes } = await gateway.usage();
      return {
        name: `memory after load: ${titles[name]}`,
        unit: 'MiB',
        values: [rssBytes / 1024 ** 2],
        ...(name === 'ours' ? { wish: aim('at most', 300) } : {}),
      };
    }),
  );
}

import { freePorts } from '@mercato/ports';
import { type SubgraphName, subgraphs } from '@mercato/schema';
import type { LaunchOptions } from '../environment.ts';
import { type StandInPorts, standInPortOffsets } from '../stand-ins.ts';

/** Where each process listens. */
export interface Ports {
  readonly router: number;
  readonly subgraphs: Readonly<Record<SubgraphName, number>>;
  readonly standIns: StandInPorts;
}

/** Each process' own offset from the router's port, or another port where that is taken. */
export async function choosePorts({ host, port }: LaunchOptions): Promise<Ports> {
  const wanted = [
    ...subgraphs.map(({ portOffset }) => portOffset),
    standInPortOffsets.content,
    standInPortOffsets.payments,
  ].map((offset) => (port === 0 ? 0 : port + offset));
  const chosen = await freePorts(host, [port, ...wanted]);
  const [router = 0, ...others] = chosen;
  const [content = 0, payments = 0] = others.slice(subgraphs.length);
  return {
    router,
    subgraphs: Object.fromEntries(subgraphs.map(({ name }, index) => [name, others[index] ?? 0])) as Record<
      SubgraphName,
      number
    >,
    standIns: { content, payments },
  };
}

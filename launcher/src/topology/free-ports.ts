import { createServer } from 'node:net';

/** The wanted ports where they are free, else others that are. */
export async function freePorts(host: string, wanted: readonly number[]): Promise<number[]> {
  const probes = await Promise.all(wanted.map(async (port) => (await hold(host, port)) ?? (await hold(host, 0))));
  const ports = probes.map((probe) => probe?.port ?? 0);
  // Released only now, so that no two services are given the same one.
  await Promise.all(probes.map((probe) => probe?.release()));
  return ports;
}

function hold(host: string, port: number): Promise<{ port: number; release(): Promise<void> } | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        release: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}

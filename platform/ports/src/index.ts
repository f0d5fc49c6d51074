import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * The wanted ports where they are free, else others that are. Some time goes by until who asks listens there: the others
 * are none that the system gives to connections meanwhile (from 32768 on Linux, 49152 elsewhere).
 * @throws Error where nothing can listen on this host
 */
export async function freePorts(host: string, wanted: readonly number[]): Promise<number[]> {
  const probes = await Promise.all(
    wanted.map(async (port) => (port !== 0 && (await hold(host, port))) || (await holdAny(host))),
  );
  const ports = probes.map((probe) => probe.port);
  // Released only now, so that no two services are given the same one.
  await Promise.all(probes.map((probe) => probe.release()));
  return ports;
}

async function holdAny(host: string): Promise<Held> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const held = await hold(host, randomInt(10_000, 32_768));
    if (held) return held;
  }
  throw new Error(`No port of ${host} is free.`);
}

interface Held {
  readonly port: number;
  release(): Promise<void>;
}

/** Undefined where something else listens there. */
function hold(host: string, port: number): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ host, port }, () => {
      resolve({ port, release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/** Any one. */
export async function freePort(host: string): Promise<number> {
  const [port = 0] = await freePorts(host, [0]);
  return port;
}

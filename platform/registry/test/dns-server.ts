import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface DnsRecords {
  /** IPv4 addresses by host. */
  a: Record<string, string[]>;
  srv: Record<string, { priority: number; port: number; target: string }[]>;
}

export interface DnsServer {
  /** As `Resolver.setServers` takes it. */
  readonly address: string;
  /** What it answers from now on. */
  records: DnsRecords;
  close(): Promise<void>;
}

const typeA = 1;
const typeSrv = 33;
const noSuchName = 3;

/** A DNS server for one test: A and SRV over UDP (RFC 1035, 2782). */
export async function startDnsServer(records: DnsRecords): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const server: DnsServer = {
    address: '',
    records,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
  socket.on('message', (query, { port, address }) => socket.send(respond(query, server.records), port, address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return Object.assign(server, { address: `127.0.0.1:${socket.address().port}` });
}

function respond(query: Buffer, { a, srv }: DnsRecords): Buffer {
  const { name, end } = readName(query, 12);
  const type = query.readUInt16BE(end);
  const question = query.subarray(12, end + 4);
  const known = name in a || name in srv;
  const data = type === typeA ? (a[name] ?? []).map(ipv4) : type === typeSrv ? (srv[name] ?? []).map(srvData) : [];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (known ? 0 : noSuchName), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  return Buffer.concat([header, question, ...data.map((bytes) => record(type, bytes))]);
}

/** An answer about the question's name, which stands at offset 12. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(1, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

const ipv4 = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

function srvData({ priority, port, target }: DnsRecords['srv'][string][number]): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(priority, 0);
  head.writeUInt16BE(port, 4);
  return Buffer.concat([head, encodeName(target)]);
}

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);

function readName(query: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

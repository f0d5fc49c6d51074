import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Report } from '@apollo/usage-reporting-protobuf';
import { buildSchema, graphql } from 'graphql';

/** A stand-in for Apollo's services that speaks their protocols: Uplink, and the ingress of usage reports. */
export interface Apollo {
  readonly url: string;
  /** What Uplink offers; `id` tells versions apart. */
  supergraph: { id: string; sdl: string };
  /** Answers 500 while it is down. */
  isDown: boolean;
  /** Requests that came while it was down. */
  missed: number;
  readonly asked: { apiKey: string; ref: string; ifAfterId: string | null }[];
  readonly reports: { apiKey: string | undefined; report: Report }[];
  close(): Promise<void>;
}

/** The part of Uplink's schema that routers ask for. */
const uplink = buildSchema(`
  type Query { routerConfig(ref: String!, apiKey: String!, ifAfterId: ID): RouterConfigResponse! }
  union RouterConfigResponse = RouterConfigResult | Unchanged | FetchError
  type RouterConfigResult { id: ID! supergraphSDL: String! minDelaySeconds: Float! }
  type Unchanged { id: ID! minDelaySeconds: Float! }
  enum FetchErrorCode { AUTHENTICATION_FAILED ACCESS_DENIED UNKNOWN_REF RETRY_LATER }
  type FetchError { code: FetchErrorCode! message: String! }
`);

export async function startApollo({ apiKey, sdl }: { apiKey: string; sdl: string }): Promise<Apollo> {
  const asked: Apollo['asked'] = [];
  const reports: Apollo['reports'] = [];
  const minDelaySeconds = 0.05;

  const routerConfig = (given: Apollo['asked'][number]) => {
    asked.push({ ...given, ifAfterId: given.ifAfterId ?? null });
    const { id, sdl: supergraphSDL } = apollo.supergraph;
    if (given.apiKey !== apiKey)
      return { __typename: 'FetchError', code: 'AUTHENTICATION_FAILED', message: 'The key does not hold.' };
    if (given.ifAfterId === id) return { __typename: 'Unchanged', id, minDelaySeconds };
    return { __typename: 'RouterConfigResult', id, supergraphSDL, minDelaySeconds };
  };
  const answerUplink = async (request: IncomingMessage) => {
    const { query, variables } = JSON.parse((await buffer(request)).toString());
    return graphql({ schema: uplink, source: query, variableValues: variables, rootValue: { routerConfig } });
  };
  const takeReport = async (request: IncomingMessage) => {
    const key = request.headers['x-api-key'];
    const report = Report.decode(gunzipSync(await buffer(request)));
    reports.push({ apiKey: typeof key === 'string' ? key : undefined, report });
    return { tracesIgnored: true };
  };
  const server = createServer(async (request, response) => {
    if (apollo.isDown) {
      apollo.missed += 1;
      return response.writeHead(500).end();
    }
    const answer = await (request.url === '/api/ingress/traces' ? takeReport(request) : answerUplink(request));
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const apollo: Apollo = {
    url: `http://127.0.0.1:${port}`,
    supergraph: { id: '1', sdl },
    isDown: false,
    missed: 0,
    asked,
    reports,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return apollo;
}

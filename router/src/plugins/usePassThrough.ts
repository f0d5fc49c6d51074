import type { IncomingHttpHeaders } from 'node:http';
import type { ViewerSigner } from '@mercato/auth';
import type { Logger } from '@mercato/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Identity } from '../identity/identity.ts';
import { headersForSubgraph } from './headers-for-subgraph.ts';
import { type Agents, keptConnections, sendOn } from './send-on.ts';

export interface PassThroughSettings {
  /** Path to subgraph, such as `/uploads` to `products`. */
  readonly paths: Readonly<Record<string, string>>;
  readonly baseUrlOf: (subgraph: string) => string | undefined;
  readonly identity: Identity;
  readonly signer: ViewerSigner;
  readonly logger: Logger;
}

/** Milliseconds without a byte. A whole upload may take its time. */
const idleTimeout = 30_000;

const methods: HTTPMethods[] = ['GET', 'POST', 'PUT'];

/** Hands requests below the paths to their subgraph and its answers back, streaming both ways. */
export async function usePassThrough(server: FastifyInstance, settings: PassThroughSettings): Promise<void> {
  const agents = keptConnections();
  server.addHook('onClose', async () => agents.destroy());

  await server.register(async (scope) => {
    // The body is not read here: it goes on as it comes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const [path, subgraph] of Object.entries(settings.paths)) {
      for (const url of [path, `${path}/*`]) {
        scope.route({
          method: methods,
          url,
          handler: (request, reply) => forward(request, reply, { ...settings, subgraph, agents }),
        });
      }
    }
  });
}

/** The path is passed on as it came: one with steps back could leave the part that is passed through. */
const stepsBack = /(\/|%2f)(\.|%2e){2}(\/|%2f|$)/i;

async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  { subgraph, agents, baseUrlOf, logger, ...trust }: PassThroughSettings & { subgraph: string; agents: Agents },
): Promise<FastifyReply> {
  if (stepsBack.test(request.url.split('?', 1)[0] ?? '')) {
    reply.callNotFound();
    return reply;
  }
  const headers = await headersForSubgraph(request, subgraph, trust);
  try {
    const base = baseUrlOf(subgraph);
    if (!base) throw new Error(`No address is known for the ${subgraph} service.`);
    const answer = await sendOn({
      base,
      path: request.url,
      method: request.method,
      headers,
      body: request.method === 'GET' ? undefined : request.raw,
      agents,
      idleTimeout,
    });
    return reply
      .code(answer.statusCode ?? 502)
      .headers(headersForClient(answer.headers))
      .send(answer);
  } catch (error) {
    logger.warn({ err: error, subgraph, ...request.trace }, 'A subgraph did not take what was passed through');
    return reply.code(502).send({
      errors: [
        {
          message: `The ${subgraph} service cannot be reached.`,
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: subgraph },
        },
      ],
    });
  }
}

/** What describes the content. The rest is about the connection, or about how the subgraph is run. */
const passedBack = [
  'accept-ranges',
  'access-control-allow-origin',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-range',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'etag',
  'last-modified',
  'vary',
  'x-content-type-options',
];

const headersForClient = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(passedBack.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));

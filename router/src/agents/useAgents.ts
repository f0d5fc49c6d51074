import type { Logger } from '@mercato/telemetry';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouterContext } from '../context.ts';
import { badRequest } from '../http/bad-request.ts';
import { contextOf } from '../http/context-of.ts';
import { mayConnect, type Origins } from '../http/origins.ts';
import type { Identity } from '../identity/identity.ts';
import type { Answering } from '../operations/answer-operation.ts';
import { logOperation } from '../operations/log-operation.ts';
import { RequestError } from '../operations/request-error.ts';
import { runTool } from './run-tool.ts';
import { describeTool, type Tool, type ToolDocument } from './tool.ts';

export interface AgentSettings {
  readonly tools: readonly ToolDocument[];
  readonly answering: Answering;
  readonly identity: Identity;
  readonly operationTimeoutMs: number;
  readonly forwardHeaders: readonly string[];
  readonly origins: Origins;
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
}

/**
 * Tools for agents at `/mcp`, by the Model Context Protocol over HTTP (https://modelcontextprotocol.io/specification): each runs
 * one document that we wrote, as whoever's credential comes with the request, under the limits of every operation.
 * Nothing is kept from one request to the next.
 */
export function useAgents(server: FastifyInstance, settings: AgentSettings): void {
  const asking = new WeakMap<Request, { context: RouterContext; request: FastifyRequest }>();
  const { publicUrl, origins } = settings;
  const own = publicUrl ? new URL(publicUrl).host : undefined;
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const asked = requestInfo && asking.get(requestInfo);
      if (!asked) throw new Error('The request of an agent came without its context.');
      return serverFor(asked, settings);
    },
    { onerror: (error) => settings.logger.warn({ err: error }, 'An agent’s request failed') },
  );
  server.addHook('onClose', () => handler.close());
  server.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    async handler(request, reply) {
      if (!mayConnect(request.headers.origin, origins, [own, request.headers.host])) {
        throw badRequest('Pages of this origin may not call.', 403).errors[0];
      }
      // The protocol has had none since 2025; in one request of a few kilobytes they would all run at once.
      if (Array.isArray(request.body)) throw badRequest('One message a request; batches are not taken.').errors[0];
      const asked = asFetchRequest(request);
      const { context } = await contextOf(request, reply, settings);
      asking.set(asked, { context, request });
      return answerWith(await handler.fetch(asked, { parsedBody: request.body }), reply);
    },
  });
}

function serverFor(
  { context, request }: { context: RouterContext; request: FastifyRequest },
  settings: AgentSettings,
): Server {
  const { tools, answering, logger } = settings;
  const server = new Server({ name: 'mercato', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: describedTools(settings) }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) return told(`There is no tool ${JSON.stringify(params.name)}; ask for the list of tools.`);
    const startedAt = performance.now();
    const outcome = await runTool(tool, params.arguments ?? {}, context, { answering, logger });
    const end = {
      operation: undefined,
      operationName: `tool ${tool.name}`,
      errors: outcome.errors,
      httpStatus: 200,
      spent: undefined,
      startedAt,
      context,
    };
    logOperation(logger, request, end, answering.observer);
    return {
      content: [{ type: 'text' as const, text: JSON.stringify(outcome) }],
      structuredContent: { ...outcome },
      isError: outcome.errors.length > 0 && isEmpty(outcome.data),
    };
  });
  return server;
}

const told = (text: string) => ({ content: [{ type: 'text' as const, text }], isError: true });

const isEmpty = (data: Readonly<Record<string, unknown>> | null): boolean =>
  data === null || Object.values(data).every((value) => value === null);

/** Those that hold for the schema as it is: a tool whose fields are gone is gone too. */
function describedTools({ tools, answering, logger }: AgentSettings): Tool[] {
  return tools.flatMap((tool) => {
    try {
      return [describeTool(tool, answering.documents)];
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      logger.warn({ tool: tool.name, reason: error.message }, 'A tool for agents does not hold for the schema');
      return [];
    }
  });
}

/** Its address says nothing of the host: what a client calls us may be no name at all. */
function asFetchRequest({ method, headers, body }: FastifyRequest): Request {
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') given.set(name, value);
  given.delete('content-length');
  const content = method === 'POST' ? { body: JSON.stringify(body) } : {};
  return new Request('http://router.invalid/mcp', { method, headers: given, ...content });
}

async function answerWith(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(response.status);
  response.headers.forEach((value, name) => {
    reply.header(name, value);
  });
  return reply.send(await response.text());
}

import type { Logger } from '@mercato/telemetry';
import {
  CLIENT_INFO_META_KEY,
  createMcpHandler,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouterContext } from '../context.ts';
import { isObject } from '../execution/data.ts';
import type { Graph } from '../graph/graph.ts';
import { badRequest } from '../http/bad-request.ts';
import { contextOf } from '../http/context-of.ts';
import { mayConnect, type Origins } from '../http/origins.ts';
import type { Identity } from '../identity/identity.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import type { Answering } from '../operations/answer-operation.ts';
import { RequestError } from '../operations/request-error.ts';
import { ProtectedResource } from './protected-resource.ts';
import { runTool, type ToolOutcome } from './run-tool.ts';
import { describeTool, type Tool, type ToolDocument } from './tool.ts';

export interface AgentSettings {
  readonly tools: readonly ToolDocument[];
  readonly answering: Answering;
  readonly identity: Identity;
  readonly operationTimeoutMs: number;
  readonly forwardHeaders: readonly string[];
  readonly origins: Origins;
  readonly publicUrl: string | undefined;
  /** Who gives out tokens that hold here. */
  readonly authorizationServers: readonly string[];
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
  const toolsNow = toolsOf(settings);
  const resource = new ProtectedResource(server, publicUrl, settings.authorizationServers);
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const asked = requestInfo && asking.get(requestInfo);
      if (!asked) throw new Error('The request of an agent came without its context.');
      return serverFor(asked, toolsNow, settings);
    },
    { onerror: (error) => settings.logger.warn({ err: error }, 'An agent’s request failed') },
  );
  server.addHook('onClose', () => handler.close());
  server.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    async handler(request, reply) {
      if (!mayConnect(request.headers, origins, publicUrl)) {
        throw badRequest('Pages of this origin may not call.', 403).errors[0];
      }
      // The protocol has had none since 2025; in one request of a few kilobytes they would all run at once.
      if (Array.isArray(request.body)) throw badRequest('One message a request; batches are not taken.').errors[0];
      // It would be answered by a stream without an end; nothing that we have to tell changes but with the schema.
      if (isListening(request.body)) return reply.code(404).send(methodNotFound(request.body));
      const asked = asFetchRequest(request);
      const { context } = await contextOf(request, reply, settings).catch((error: unknown) => {
        throw resource.challenge(error);
      });
      asking.set(asked, { context, request });
      return answerWith(await handler.fetch(asked, { parsedBody: request.body }), reply);
    },
  });
}

function serverFor(
  { context, request }: { context: RouterContext; request: FastifyRequest },
  toolsNow: () => readonly Tool[],
  settings: AgentSettings,
): Server {
  const { tools, answering, logger } = settings;
  const server = new Server(
    { name: 'mercato', version: '1.0.0' },
    // All may call all that are listed: what a tool shows is another matter.
    { capabilities: { tools: {} }, cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } } },
  );
  server.setRequestHandler('tools/list', () => ({ tools: [...toolsNow()] }));
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) {
      const message = `There is no tool ${JSON.stringify(params.name)}; ask for the list of tools.`;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    }
    const { method, trace } = request;
    const headers = { ...clientIn(mcpReq.envelope), ...request.headers };
    const record = new OperationRecord({ method, headers, trace, tool: tool.name }, answering, logger);
    const ofTool = { ...context, trace: record.trace, calls: record.calls };
    const call = { tool, variables: params.arguments ?? {}, context: ofTool, record };
    const outcome = await runTool(call, settings);
    return {
      content: [{ type: 'text' as const, text: JSON.stringify(outcome) }],
      structuredContent: { ...outcome },
      isError: isRefused(outcome),
    };
  });
  return server;
}

/** What an agent calls itself, as clients of GraphQL do. */
function clientIn(envelope: unknown): Record<string, string> {
  const agent = isObject(envelope) ? envelope[CLIENT_INFO_META_KEY] : undefined;
  if (!isObject(agent)) return {};
  const { name, version } = agent;
  return {
    ...(typeof name === 'string' ? { 'apollographql-client-name': name } : {}),
    ...(typeof version === 'string' ? { 'apollographql-client-version': version } : {}),
  };
}

/** Nothing came of it: the agent has to mend what it asks, or give up. */
const isRefused = ({ data, errors }: ToolOutcome): boolean => {
  const fields = Object.values(data ?? {});
  if (fields.some(hasUserErrors)) return true;
  return errors.length > 0 && fields.every((value) => value === null);
};

/** What mutations of the schema say of a wish that they did not carry out. */
const hasUserErrors = (field: unknown): boolean =>
  isObject(field) && Array.isArray(field.userErrors) && field.userErrors.length > 0;

/** Those that hold for the schema as it is, described once for each: a tool whose fields are gone is gone too. */
function toolsOf({ tools, answering, logger }: AgentSettings): () => readonly Tool[] {
  const described = new WeakMap<Graph, readonly Tool[]>();
  const describe = (tool: ToolDocument): Tool[] => {
    try {
      return [describeTool(tool, answering.documents)];
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      logger.warn({ tool: tool.name, reason: error.message }, 'A tool for agents does not hold for the schema');
      return [];
    }
  };
  return () => {
    const { graph } = answering.documents;
    let now = described.get(graph);
    if (!now) {
      now = tools.flatMap(describe);
      described.set(graph, now);
    }
    return now;
  };
}

const isListening = (body: unknown): boolean => isObject(body) && body.method === 'subscriptions/listen';

const methodNotFound = (body: unknown) => ({
  jsonrpc: '2.0',
  id: isObject(body) && (typeof body.id === 'string' || typeof body.id === 'number') ? body.id : null,
  error: { code: ProtocolErrorCode.MethodNotFound, message: 'Method not found: subscriptions/listen' },
});

/**
 * Without its body, which has been read. Its address says nothing of the host: what a client calls us may be no name at
 * all.
 */
function asFetchRequest({ method, headers }: FastifyRequest): Request {
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') given.set(name, value);
  given.delete('content-length');
  return new Request('http://router.invalid/mcp', { method, headers: given });
}

async function answerWith(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(response.status);
  response.headers.forEach((value, name) => {
    reply.header(name, value);
  });
  return reply.send(await response.text());
}

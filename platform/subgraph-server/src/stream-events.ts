import type { ServerResponse } from 'node:http';
import type { SubgraphAnswers } from '@mercato/subgraph-client';

/** Milliseconds between signs of life, where there are no events. */
const keepAliveMs = 10_000;

/**
 * Sends a subscription's answers as server-sent events. An answer is made when the socket has taken the one before: a
 * slow reader costs one answer and the socket's buffer, however much happens meanwhile.
 */
export async function streamEvents(response: ServerResponse, answers: SubgraphAnswers): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(':\n\n');
  response.socket?.setNoDelay(true);
  const keepAlive = setInterval(() => {
    if (!response.destroyed && !response.writableEnded && !response.writableNeedDrain) response.write(':\n\n');
  }, keepAliveMs);
  response.once('close', () => clearInterval(keepAlive));
  for await (const answer of answers) {
    if (response.destroyed) return;
    if (!response.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`)) await drained(response);
  }
  if (!response.destroyed) response.end('event: complete\ndata:\n\n');
}

/** When the socket takes more, or never will. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve();
    };
    response.on('drain', settle);
    response.on('close', settle);
  });

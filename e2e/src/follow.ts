import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { request } from 'undici';
import { WebSocket } from 'ws';
import { documentOf } from './documents.ts';

type Answer<Data> = FormattedExecutionResult<Data, unknown>;

/** A client's subscription. */
export interface Followed<Data> {
  /** Reads on until an answer is as wanted; those before are passed over. @throws with the errors of an answer */
  until(wanted: (data: Data) => boolean): Promise<Data>;
  stop(): Promise<void>;
}

/** Follows an operation of the clients' documents over a WebSocket, as their libraries do. */
export function followOverWebSocket<Data>(url: string, operationName: string, variables: Record<string, unknown>) {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 150,
    // A router that is being replaced refuses connections for a while.
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 200)),
  });
  const answers = client.iterate<Data>({ query: documentOf(operationName), operationName, variables });
  return followed<Data>(answers, async () => client.dispose());
}

/** The same as server-sent events. */
export function followEvents<Data>(url: string, operationName: string, variables: Record<string, unknown>) {
  const abort = new AbortController();
  return followed<Data>(eventsOf<Data>(url, operationName, variables, abort.signal), async () => abort.abort());
}

async function* eventsOf<Data>(
  url: string,
  operationName: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): AsyncGenerator<Answer<Data>, undefined, undefined> {
  const { body } = await request(`${url}/graphql`, {
    method: 'POST',
    signal,
    bodyTimeout: 60_000,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: documentOf(operationName), operationName, variables }),
  });
  let rest = '';
  for await (const chunk of body.setEncoding('utf8')) {
    const parts = `${rest}${chunk}`.split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const [type = '', data = ''] = part.split('\n');
      if (type === 'event: next') yield JSON.parse(data.slice('data: '.length)) as Answer<Data>;
      if (type === 'event: complete') return;
    }
  }
}

function followed<Data>(answers: AsyncIterableIterator<Answer<Data>>, stop: () => Promise<void>): Followed<Data> {
  return {
    async until(wanted) {
      for (;;) {
        const { value, done } = await answers.next();
        if (done) throw new Error('The subscription is complete.');
        const { data, errors } = value;
        if (errors?.length || !data) throw new Error(`An event failed: ${JSON.stringify(errors)}`);
        if (wanted(data)) return data;
      }
    },
    stop,
  };
}

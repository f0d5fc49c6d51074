import { Pool } from 'undici';

export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Who asks, where not all requests are of one. */
  readonly authorization?: string;
}

/** A client that keeps a fixed number of connections open. */
export interface LoadClient {
  /** @throws Error on any answer that is not 200 or holds errors: load on a broken service says nothing. */
  send(request: GraphQLRequest): Promise<string>;
  close(): Promise<void>;
}

export function loadClient(
  url: string,
  connections: number,
  headers: Readonly<Record<string, string>> = {},
): LoadClient {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  return {
    async send({ query, variables, authorization }) {
      const { statusCode, body } = await pool.request({
        path: pathname,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await body.text();
      if (statusCode !== 200 || text.includes('"errors":['))
        throw new Error(`HTTP ${statusCode}: ${text.slice(0, 500)}`);
      return text;
    },
    close: () => pool.close(),
  };
}

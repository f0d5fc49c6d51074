/** One exchange as it went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** What was sent; undefined for a GET. */
  readonly body: { query?: string; extensions?: unknown } | undefined;
  readonly status: number;
  readonly contentType: string | null;
}

/** A `fetch` that remembers what it did, for libraries that are given one. */
export function recordingFetch(): { fetch: typeof fetch; exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    async fetch(input, init) {
      const request = new Request(input, init);
      const sent: Exchange['body'] = request.method === 'POST' ? JSON.parse(await request.clone().text()) : undefined;
      const response = await fetch(request);
      exchanges.push({
        method: request.method,
        url: new URL(request.url),
        body: sent,
        status: response.status,
        contentType: response.headers.get('content-type'),
      });
      return response;
    },
  };
}

/** Each exchange in words: how, whether the document went along, and what came. */
export const inWords = ({ method, url, body, status }: Exchange): string =>
  `${method} ${body?.query || url.searchParams.has('query') ? 'document' : 'hash'} ${status}`;

import { type Agent, request } from 'undici';
import { documentOf } from './documents.ts';

export interface Answer<Data> {
  readonly data: Data | null;
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** Someone who sends the clients' documents to a router, as a guest or with a token. */
export interface Client {
  /** Sends the operation of that name. */
  send<Data>(operationName: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
  /** The same, for answers without errors. @throws with the errors, so that a test shows them. */
  ask<Data>(operationName: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Sends a document that is in no file. */
  query<Data>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
}

/** Ends what a router that hangs would keep a test waiting for. */
const patienceMs = 30_000;

export function createClient(url: string, dispatcher: Agent, token?: string): Client {
  const post = async <Data>(body: Record<string, unknown>): Promise<Answer<Data>> => {
    const response = await request(`${url}/graphql`, {
      method: 'POST',
      dispatcher,
      headersTimeout: patienceMs,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    return (await response.body.json()) as Answer<Data>;
  };
  const send = <Data>(operationName: string, variables: Record<string, unknown> = {}) =>
    post<Data>({ query: documentOf(operationName), operationName, variables });
  return {
    send,
    async ask<Data>(operationName: string, variables?: Record<string, unknown>) {
      const { data, errors } = await send<Data>(operationName, variables);
      if (errors?.length || !data)
        throw new Error(`${operationName} answered ${JSON.stringify({ data, errors }, null, 2)}`);
      return data;
    },
    query: (query, variables = {}) => post({ query, variables }),
  };
}

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpTransport, type SubgraphAnswers } from '../src/index.ts';

let server: Server;
let url: string;
/** What the server does with the next stream. */
let serve: (response: ServerResponse) => void = (response) => response.end();

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().once('end', () => serve(response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`;
});
afterAll(() => server.close());

const stream = (write: (response: ServerResponse) => void) => {
  serve = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    write(response);
  };
};

/** Everything until it is done. */
async function all(answers: SubgraphAnswers): Promise<unknown[]> {
  const data: unknown[] = [];
  for await (const answer of answers) data.push(answer.data ?? answer.errors);
  return data;
}

async function following<Result>(use: (answers: SubgraphAnswers) => Promise<Result>): Promise<Result> {
  const transport = httpTransport({ urlOf: () => url });
  try {
    return await use(
      transport.subscribe('cart', { query: 'subscription { x }' }, { authorization: 'Bearer x', timeoutMs: 2_000 }),
    );
  } finally {
    await transport.close();
  }
}

describe('a stream of events', () => {
  test('is read whole however it is cut', async () => {
    const text =
      ':\n\nevent: next\ndata: {"data":{"who":"Zoë"}}\n\n:\n\nevent:next\r\ndata:{"data":\r\ndata: {"who":2}}\r\n\r\nevent: complete\ndata:\n\n';
    stream(async (response) => {
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(await following(all)).toEqual([{ who: 'Zoë' }, { who: 2 }]);
  });

  test('in one piece gives all of its answers, in their order', async () => {
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    const events = numbers.map((n) => `event: next\ndata: {"data":{"n":${n}}}\n\n`).join('');
    stream((response) => response.end(`${events}event: complete\ndata:\n\n`));
    expect(await following(all)).toEqual(numbers.map((n) => ({ n })));
  });

  test('of an event that nobody knows is read past it', async () => {
    stream((response) => response.end('event: news\ndata: 1\n\nevent: complete\n\n'));
    expect(await following(all)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['that ends without saying so', 'event: next\ndata: {"data":{"n":1}}\n\n', 'unreachable'],
    ['of what is not JSON', 'event: next\ndata: {"data":{"n":1}}\n\nevent: next\ndata: nope\n\n', 'bad-response'],
    ['of what is not GraphQL', 'event: next\ndata: {"data":{"n":1}}\n\nevent: next\ndata: [1]\n\n', 'bad-response'],
  ])('%s fails after what came before', async (_what, text, reason) => {
    stream((response) => response.end(text));
    await following(async (answers) => {
      expect((await answers.next()).value).toEqual({ data: { n: 1 } });
      await expect(answers.next()).rejects.toMatchObject({ name: 'SubgraphUnavailableError', reason });
      expect((await answers.next()).done).toBe(true);
    });
  });

  test('of one endless event is given up', async () => {
    stream((response) => {
      response.on('error', () => undefined).write('event: next\ndata: ');
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(100_000)));
      };
      response.on('drain', more);
      more();
    });
    await following(async (answers) => {
      await expect(answers.next()).rejects.toMatchObject({ reason: 'bad-response' });
    });
  });
});

test('an answer that is no stream is the only one; an error page is none', async () => {
  serve = (response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end('{"errors":[{"message":"Who are you?"}]}');
  };
  expect(await following(all)).toEqual([[{ message: 'Who are you?' }]]);
  serve = (response) => {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end('<h1>Bad gateway</h1>');
  };
  await expect(following(all)).rejects.toMatchObject({ reason: 'bad-response' });
});

test('what is not begun asks nobody, and what is over stays over', async () => {
  let asked = 0;
  serve = (response) => {
    asked += 1;
    response.end();
  };
  await following(async (answers) => {
    await answers.return();
    expect(await answers.next()).toEqual({ value: undefined, done: true });
  });
  expect(asked).toBe(0);
});

test('who leaves closes the connection', async () => {
  const closed = new Promise<void>((resolve) => {
    stream((response) => {
      response.once('close', resolve);
      response.write('event: next\ndata: {"data":{"n":1}}\n\n');
    });
  });
  await following(async (answers) => {
    await answers.next();
    await answers.return();
    await closed;
  });
});

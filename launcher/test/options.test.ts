import { describe, expect, test } from 'vitest';
import { help, readOptions } from '../src/environment.ts';

describe('options', () => {
  test('without any, everything runs in one process at port 4000 with data in .mercato', () => {
    expect(readOptions([], {})).toMatchObject({
      topology: 'embedded',
      port: 4000,
      host: '127.0.0.1',
      dataDir: expect.stringMatching(/\/\.mercato$/),
      databaseUrl: undefined,
      redisUrl: undefined,
      reset: false,
      seed: true,
      hygraph: undefined,
    });
  });

  test.each([
    [['--processes'], {}, { topology: 'processes' }],
    [['--port', '4711'], { PORT: '5000' }, { port: 4711 }],
    [[], { PORT: '5000' }, { port: 5000 }],
    [['--data-dir', '/tmp/a folder'], { MERCATO_DATA_DIR: '/tmp/other' }, { dataDir: '/tmp/a folder' }],
    [[], { MERCATO_DATA_DIR: '/tmp/other' }, { dataDir: '/tmp/other' }],
    [[], { DATABASE_URL: 'postgresql://u:p@db:5432/x' }, { databaseUrl: 'postgresql://u:p@db:5432/x' }],
    [[], { REDIS_URL: 'redis://cache:6379' }, { redisUrl: 'redis://cache:6379' }],
    [['--reset', '--no-seed'], {}, { reset: true, seed: false }],
    [['--log-level', 'debug'], {}, { logLevel: 'debug' }],
    [[], {}, { corsOrigins: ['http://localhost:*', 'http://127.0.0.1:*'] }],
    [
      [],
      { CORS_ORIGINS: 'https://a.example, https://b.example' },
      { corsOrigins: ['https://a.example', 'https://b.example'] },
    ],
  ])('%j with %j', (args, environment, expected) => {
    expect(readOptions(args, environment)).toMatchObject(expected);
  });

  test.each([
    [['--port', 'abc'], {}, 'PORT'],
    [[], { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [[], { REDIS_URL: 'here' }, 'REDIS_URL'],
    [['--prot', '1'], {}, '--prot'],
    [[], { MERCATO_QUEUE: 'kafka' }, 'MERCATO_QUEUE'],
  ])('%j with %j is refused in a sentence that names what is wrong', (args, environment, named) => {
    expect(() => readOptions(args, environment)).toThrow(named);
  });

  test('help is asked for, and tells of every flag and variable', () => {
    expect(readOptions(['--help'], {})).toBeNull();
    for (const word of [
      'PORT',
      'MERCATO_DATA_DIR',
      'DATABASE_URL',
      'REDIS_URL',
      '--processes',
      '--reset',
      '--no-seed',
    ]) {
      expect(help()).toContain(word);
    }
  });
});

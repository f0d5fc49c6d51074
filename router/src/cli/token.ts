import { parseArgs } from 'node:util';
import { z } from 'zod';
import { dataDirFromEnvironment } from '../environment.ts';
import { issueToken } from '../token.ts';

const help = `Prints a bearer token for the local router, and nothing else.

  npm run -s token -- --scope inventory:read --scope inventory:write

  --scope NAME      what its holder may do; once for each scope
  --kind KIND       staff (unless set), customer or partner
  --sub ID          whose token it is; <kind>-local unless set
  --expires TIME    how long it holds, such as 30m, 8h (unless set) or 7d
  --data-dir PATH   the data folder whose key signs it (MERCATO_DATA_DIR, .mercato unless set)`;

const settings = z.object({
  scope: z
    .array(z.string().regex(/^[\w:.-]+$/, '--scope wants one scope, such as inventory:read; repeat it for more'))
    .default([]),
  kind: z.enum(['staff', 'customer', 'partner'], { error: '--kind wants staff, customer or partner' }).default('staff'),
  sub: z.string().min(1, '--sub wants an id').optional(),
  expires: z
    .string()
    .regex(/^\d+ ?(s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?)$/, '--expires wants a time such as 30m, 8h or 7d')
    .default('8h'),
  'data-dir': z.string().min(1, '--data-dir wants a folder').optional(),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scope: { type: 'string', multiple: true },
      kind: { type: 'string' },
      sub: { type: 'string' },
      expires: { type: 'string' },
      'data-dir': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(help);
  const { scope, kind, sub, expires, 'data-dir': dataDir } = settings.parse(values);
  console.log(
    await issueToken({
      dataDir: dataDir ?? dataDirFromEnvironment(),
      scopes: scope,
      kind,
      subject: sub ?? `${kind}-local`,
      expires,
    }),
  );
}

try {
  await main();
} catch (error) {
  const problem =
    error instanceof z.ZodError
      ? error.issues.map(({ message }) => message).join('\n')
      : error instanceof Error
        ? error.message
        : String(error);
  console.error(`${problem}\nTry npm run -s token -- --help`);
  process.exitCode = 1;
}

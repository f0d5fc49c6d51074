import { z } from 'zod';

/** A wrong or missing variable; its message names each variable and what it wants. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Reads the environment once, at start. Empty strings count as absent, as shells and Compose files set them.
 * @throws EnvironmentError one sentence a wrong variable.
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  source: NodeJS.ProcessEnv = process.env,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(
    Object.keys(shape).map((name) => [name, source[name] === '' ? undefined : source[name]]),
  );
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(({ path, message, code }) => {
    const name = String(path[0]);
    const wanted = descriptionOf(shape[name]);
    if (given[name] === undefined) return `${name} is not set; it wants ${wanted ?? message}.`;
    // What is wrong within a value, or was said in words of its own, is told as it is.
    const isWhole = path.length === 1 && code !== 'custom';
    return wanted && isWhole ? `${name} is wrong; it wants ${wanted}.` : `${name} is wrong: ${message}.`;
  });
  throw new EnvironmentError([...new Set(sentences)].join('\n'));
}

/** What a variable wants in words, also where it has a default or may be absent. */
function descriptionOf(schema: unknown): string | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  if (schema.description !== undefined) return schema.description;
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? descriptionOf(schema.unwrap()) : undefined;
}

/** A TCP port as text, such as `4000`; 0 asks the system for a free one. */
export const port = () => z.coerce.number().int().min(0).max(65_535).describe('a TCP port from 0 to 65535');

/** More does not fit into a timer, which then goes off at once: some 24 days. */
const longestTimer = 2 ** 31 - 1;

/** Milliseconds as text. */
export const milliseconds = () =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(longestTimer)
    .describe(`a whole number of milliseconds, at least 1 and at most ${longestTimer}`);

/** `true`/`false`, `1`/`0`, `yes`/`no`, `on`/`off`. */
export const flag = () => z.stringbool().describe('true or false');

/** A Postgres connection URL of one database. */
export const postgresUrl = () =>
  z.url({ protocol: /^postgres(ql)?$/ }).describe('a URL such as postgresql://user:password@host:5432/database');

/** A Redis connection URL. */
export const redisUrl = () => z.url({ protocol: /^rediss?$/ }).describe('a URL such as redis://host:6379');

/** An HTTP base URL. */
export const httpUrl = () => z.url({ protocol: /^https?$/ }).describe('a URL such as http://host:4001');

/** JSON text that fits a schema. */
export const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'it is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

import { UnrecoverableError } from 'bullmq';
import { z } from 'zod';
import type { JobDefinition } from './job.ts';

/** A payload does not fit its job's schema; the message names the job and each field. Nothing was sent. */
export class InvalidPayloadError extends Error {
  override readonly name = 'InvalidPayloadError';
  readonly issues: readonly z.core.$ZodIssue[];

  constructor(message: string, issues: readonly z.core.$ZodIssue[] = []) {
    super(message);
    this.issues = issues;
  }
}

/**
 * The JSON that will travel, checked in the form in which it will arrive: a Date, bigint or undefined that JSON would
 * change or lose is found here, beside whoever sent it.
 * @throws InvalidPayloadError
 */
export function serialise<P extends z.ZodType>(job: JobDefinition<P>, payload: z.input<P>): unknown {
  const wire = toWire(job, payload);
  const parsed = job.payload.safeParse(wire);
  if (!parsed.success) throw new InvalidPayloadError(describe(job, parsed.error), parsed.error.issues);
  return wire;
}

/** @throws UnrecoverableError a payload that does not parse now never will, so no attempt is spent on it. */
export function parseReceived<P extends z.ZodType>(job: JobDefinition<P>, data: unknown): z.output<P> {
  const parsed = job.payload.safeParse(data);
  if (!parsed.success) throw new UnrecoverableError(describe(job, parsed.error));
  return parsed.data;
}

function toWire(job: JobDefinition, payload: unknown): unknown {
  try {
    const text: string | undefined = JSON.stringify(payload);
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    throw new InvalidPayloadError(
      `The payload of job '${job.name}' on queue '${job.queue}' is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

const describe = (job: JobDefinition, error: z.ZodError) =>
  `The payload of job '${job.name}' on queue '${job.queue}' does not fit: ${error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join('; ')}.`;

import type { Logger } from '@mercato/telemetry';
import type { Failure } from './read-exchange.ts';

/** Tells what goes wrong with the CMS. A mistake that only people can mend is told loudly, and once until it is mended. */
export class FailureLog {
  readonly #logger: Logger;
  readonly #told = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  succeeded(operation: string, facts: { contentRequestId: string | undefined; ms: number; recovered: boolean }): void {
    for (const told of this.#told)
      if (told.startsWith('misconfigured') || told === key('refused', operation)) this.#told.delete(told);
    if (facts.recovered) this.#logger.info({ operation }, 'The CMS answers again');
    this.#logger.debug({ operation, contentRequestId: facts.contentRequestId, ms: facts.ms }, 'The CMS answered');
  }

  failed(operation: string, failure: Failure, { ms, rests }: { ms: number; rests: boolean }): void {
    const { reason, detail, contentRequestId, cause } = failure;
    const facts = { operation, reason, detail, contentRequestId, ms, ...(cause === undefined ? {} : { err: cause }) };
    if (rests) this.#logger.warn({ operation, reason }, 'The CMS is not asked for a while');
    if (reason !== 'misconfigured' && reason !== 'refused') {
      this.#logger.warn(facts, 'The CMS did not answer');
      return;
    }
    const told = key(reason, reason === 'refused' ? operation : '');
    if (this.#told.has(told)) return;
    this.#told.add(told);
    this.#logger.error(
      facts,
      reason === 'misconfigured'
        ? 'The CMS turns us away: check HYGRAPH_ENDPOINT and HYGRAPH_TOKEN, and the plan'
        : 'The CMS refuses a question: the project lacks a model or field of ours, or the token may not read it',
    );
  }
}

const key = (reason: string, operation: string): string => `${reason} ${operation}`;

import { randomBytes } from 'node:crypto';

export interface ErrorBody {
  message: string;
  locations?: readonly { line: number; column: number }[];
  path?: readonly (string | number)[];
  extensions?: Readonly<Record<string, unknown>>;
}

/** A refusal in the dialect: the whole answer is `data: null` with this status. */
export class ContentApiError extends Error {
  override readonly name = 'ContentApiError';
  readonly status: number;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;

  constructor(status: number, message: string, extensions?: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = status;
    this.extensions = extensions;
  }

  get body(): ErrorBody {
    return { message: this.message, ...(this.extensions && { extensions: this.extensions }) };
  }
}

/** What a caller sent is wrong; the place in the request is line 1 of its input, as the dialect words it. */
export const badInput = (message: string, line = 1): ContentApiError =>
  new ContentApiError(400, `input:${line}: ${message}\n`);

/** The shape was seen on mutations; that a refused read has it too, with this message, is inferred. */
export const notAllowed = (model: string, stage: string): ContentApiError =>
  new ContentApiError(403, 'not allowed', { code: '403', failedActions: [{ action: 'read', model, stage }] });

export const envelope = (requestId: string, errors: readonly ErrorBody[]) => ({
  errors,
  data: null,
  extensions: { requestId },
});

/** Ids of requests look like `cl87…`: a letter pair and 23 of base 36. */
export function newRequestId(): string {
  const digits = BigInt(`0x${randomBytes(16).toString('hex')}`)
    .toString(36)
    .padStart(25, '0');
  return `cl${digits.slice(-23)}`;
}

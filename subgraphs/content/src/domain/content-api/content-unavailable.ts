/**
 * Why the CMS gave nothing.
 * - `timeout`, `unreachable`, `failing` (5xx), `bad-answer` (no JSON, or too much of it): it is not well.
 * - `rate-limited`: it wants fewer requests.
 * - `misconfigured`: address or token are wrong. `refused`: it understands the question otherwise than we do, such as
 *   when the project lacks a model or the token may not read it.
 * - `resting`: it was not asked, for it failed a moment ago.
 */
export type UnavailableReason =
  | 'timeout'
  | 'unreachable'
  | 'failing'
  | 'bad-answer'
  | 'rate-limited'
  | 'misconfigured'
  | 'refused'
  | 'resting';

/** The CMS cannot answer at present. */
export class ContentUnavailable extends Error {
  override readonly name = 'ContentUnavailable';
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, detail?: string, cause?: unknown) {
    super(`The CMS cannot answer: ${reason}${detail ? ` (${detail})` : ''}.`, { cause });
    this.reason = reason;
  }
}

import { PlanningBusyError } from './planning-thread.ts';

/**
 * A plan, unless the time of who asks is up before. It is made all the same: whoever asks next has it.
 * @param deadline by `performance.now()`
 * @throws PlanningBusyError, by its promise
 */
export function inTime<T>(plan: Promise<T>, deadline: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new PlanningBusyError('The operation was not planned in its time.'));
    const timer = setTimeout(late, deadline - performance.now());
    plan.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

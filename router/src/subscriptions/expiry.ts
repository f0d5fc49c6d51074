/** Milliseconds that a timer can wait at most. */
const longestTimer = 2 ** 31 - 1;

/** Calls back at a time, in ms since the epoch, however far it is; never at Infinity. */
export function expiryTimer(at: number, expired: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    const left = at - Date.now();
    if (left <= 0) expired();
    else timer = setTimeout(wait, Math.min(left, longestTimer));
  };
  if (at !== Number.POSITIVE_INFINITY) wait();
  return { cancel: () => clearTimeout(timer) };
}

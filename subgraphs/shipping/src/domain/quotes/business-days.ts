/** Hour of the day, UTC, until which an order still leaves the same day. */
export const cutOffHour = 12;

const dayMs = 86_400_000;
const startOfDay = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
const isBusinessDay = (day: Date): boolean => day.getUTCDay() !== 0 && day.getUTCDay() !== 6;
const nextDay = (day: Date): Date => new Date(day.getTime() + dayMs);

/** The day that is so many business days after `day`; Saturdays and Sundays do not count, public holidays do. */
export function addBusinessDays(day: Date, count: number): Date {
  let at = startOfDay(day);
  for (let left = count; left > 0; ) {
    at = nextDay(at);
    if (isBusinessDay(at)) left -= 1;
  }
  return at;
}

/** The day on which something ordered now leaves: today before the cut-off on a business day, else the next one. */
export function dispatchDay(now: Date): Date {
  const today = startOfDay(now);
  return isBusinessDay(today) && now.getUTCHours() < cutOffHour ? today : addBusinessDays(today, 1);
}

export const estimateDelivery = (
  now: Date,
  { minBusinessDays, maxBusinessDays }: { minBusinessDays: number; maxBusinessDays: number },
) => {
  const leaves = dispatchDay(now);
  return { earliest: addBusinessDays(leaves, minBusinessDays), latest: addBusinessDays(leaves, maxBusinessDays) };
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@mercato/ids';
import { parseAmount } from '@mercato/money';
import type { ShippingDatabase } from '../database.ts';

interface SeedRate {
  carrier: string;
  service: string;
  prices: Record<string, string>;
  freeFrom: Record<string, string> | null;
  minWeightInGrams: number | null;
  maxWeightInGrams: number | null;
  minBusinessDays: number;
  maxBusinessDays: number;
}
interface SeedZone {
  code: string;
  name: string;
  countries: string[];
  regions: string[];
  postalCodePrefixes: string[];
  rates: SeedRate[];
}

const file = join(import.meta.dirname, '../../../seed/zones.json');

/** Puts the example shop's zones in; those that are there already stay as staff left them. */
export async function seedZones(db: ShippingDatabase): Promise<void> {
  const zones: SeedZone[] = JSON.parse(readFileSync(file, 'utf8'));
  const known = new Set((await db.shippingZone.findMany({ select: { code: true } })).map(({ code }) => code));
  for (const { rates, ...zone } of zones.filter(({ code }) => !known.has(code))) {
    await db.shippingZone.create({
      data: {
        id: newId('zone'),
        ...zone,
        rates: {
          create: rates.map(({ prices, freeFrom, ...rate }, position) => ({
            id: newId('rate'),
            position,
            ...rate,
            prices: minorUnits(prices),
            freeFrom: minorUnits(freeFrom ?? {}),
          })),
        },
      },
    });
  }
}

const minorUnits = (amounts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(amounts).map(([currency, text]) => {
      const parsed = parseAmount(text, currency);
      if (parsed.kind === 'invalid') throw new Error(`zones.json names ${text} ${currency}: ${parsed.reason}`);
      return [currency, String(parsed.amount)];
    }),
  );

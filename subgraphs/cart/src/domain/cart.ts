import { type CartDatabase, type CartTransaction, Prisma } from './database.ts';
import { type PricedLine, priceLine } from './pricing.ts';

/** A cart as it stands, priced. */
export interface Cart {
  /** The id that clients know; a secret. */
  readonly id: string;
  /** The name among services; no secret. */
  readonly reference: string;
  readonly version: number;
  readonly currency: string;
  readonly discountCodes: readonly string[];
  readonly lines: readonly PricedLine[];
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}

/** By the secret that clients hold, or by the name that services use. */
export type CartKey = { readonly secret: string } | { readonly reference: string };

interface CartRow extends Omit<Cart, 'lines'> {
  lines: (Omit<Parameters<typeof priceLine>[0], 'confirmedUnitPrice' | 'currentUnitPrice'> & {
    confirmedUnitPrice: string;
    currentUnitPrice: string | null;
  })[];
}

const keyIs = (key: CartKey) =>
  'secret' in key ? Prisma.sql`c.secret = ${key.secret}` : Prisma.sql`c.id = ${key.reference}`;

/** One statement. Null when there is no such cart, or it was ordered or has lapsed. */
export async function findCart(db: CartDatabase | CartTransaction, key: CartKey): Promise<Cart | null> {
  const [row] = await db.$queryRaw<CartRow[]>`
    SELECT c.secret AS id, c.id AS reference, c.version, c.currency, c.discount_codes AS "discountCodes",
      c.updated_at AS "updatedAt", c.expires_at AS "expiresAt",
      coalesce(jsonb_agg(jsonb_build_object(
        'id', l.id, 'sku', l.sku, 'quantity', l.quantity, 'confirmedUnitPrice', l.confirmed_unit_price::text,
        'title', v.title, 'currentUnitPrice', v.prices ->> c.currency, 'sellable', coalesce(v.sellable, false),
        'weightInGrams', v.weight_in_grams, 'taxClass', v.tax_class
      ) ORDER BY l.created_at, l.id) FILTER (WHERE l.id IS NOT NULL), '[]') AS lines
    FROM cart c
    LEFT JOIN cart_line l ON l.cart_id = c.id
    LEFT JOIN catalog_variant v ON v.sku = l.sku
    WHERE ${keyIs(key)} AND c.status = 'OPEN' AND c.expires_at > now()
    GROUP BY c.id`;
  if (!row) return null;
  const priced = row.lines.map(({ confirmedUnitPrice, currentUnitPrice, ...line }) =>
    priceLine(
      {
        ...line,
        confirmedUnitPrice: BigInt(confirmedUnitPrice),
        currentUnitPrice: currentUnitPrice === null ? null : BigInt(currentUnitPrice),
      },
      row.currency,
    ),
  );
  return { ...row, lines: priced };
}

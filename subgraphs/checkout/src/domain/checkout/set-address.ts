import { isSecretId } from '@mercato/ids';
import { type AddressInput, validateAddress } from '../address.ts';
import type { CheckoutDatabase } from '../database.ts';
import { type CheckoutRow, checkoutColumns, findCheckout, readCheckout } from './checkout.ts';
import {
  type Changed,
  type CheckoutClosed,
  type CheckoutNotFound,
  closedOrMissing,
  type InvalidInput,
  invalid,
} from './outcomes.ts';

export type SetAddressOutcome =
  | Changed
  | CheckoutNotFound
  | CheckoutClosed
  | { readonly kind: 'invalid-address'; readonly problems: readonly InvalidInput[] };

/** Sets where to deliver. A chosen way of delivery stays only when the destination is the same. */
export async function setShippingAddress(
  db: CheckoutDatabase,
  { checkoutId, address: given }: { readonly checkoutId: string; readonly address: AddressInput },
): Promise<SetAddressOutcome> {
  const read = validateAddress(given);
  if (read.kind === 'invalid') {
    const problems = read.problems.map(({ message, path }) => invalid(message, ['address', ...path]));
    return { kind: 'invalid-address', problems };
  }
  if (!isSecretId('checkout', checkoutId)) return { kind: 'checkout-not-found' };
  const { address } = read;
  const destination = JSON.stringify([address.city, address.region, address.postalCode, address.country]);
  const [row] = await db.$queryRaw<CheckoutRow[]>`
    UPDATE checkout SET shipping_address = ${JSON.stringify(address)}::jsonb, version = version + 1, updated_at = now(),
      delivery = CASE WHEN jsonb_build_array(shipping_address -> 'city', shipping_address -> 'region',
        shipping_address -> 'postalCode', shipping_address -> 'country') = ${destination}::jsonb THEN delivery END
    WHERE secret = ${checkoutId} AND status = 'OPEN' AND expires_at > now()
    RETURNING ${checkoutColumns}`;
  return row ? { kind: 'changed', checkout: readCheckout(row) } : closedOrMissing(await findCheckout(db, checkoutId));
}

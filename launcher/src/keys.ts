import type { PrivateKey, ServiceKeys } from '@mercato/auth';

export function keyOf(keys: ServiceKeys, caller: string): PrivateKey {
  const key = keys.own[caller];
  if (!key) throw new Error(`There is no key for the caller ${caller}.`);
  return key;
}

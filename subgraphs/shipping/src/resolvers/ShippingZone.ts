import type { ShippingZoneResolvers } from '../generated/graphql.ts';

export const ShippingZone: ShippingZoneResolvers = {
  countries: ({ countries }) => [...countries],
  regions: ({ regions }) => [...regions],
  postalCodePrefixes: ({ postalCodePrefixes }) => [...postalCodePrefixes],
  rates: ({ rates }) => [...rates],
};

/** The carriers' public tracking pages, as their sites give them. */
const pages: Readonly<Record<string, (number: string) => string>> = {
  ups: (number) => `https://www.ups.com/track?tracknum=${number}`,
  usps: (number) => `https://tools.usps.com/go/TrackConfirmAction?tLabels=${number}`,
  fedex: (number) => `https://www.fedex.com/fedextrack/?trknbr=${number}`,
  dhl: (number) => `https://www.dhl.com/en/express/tracking.html?AWB=${number}`,
  'dhl express': (number) => `https://www.dhl.com/en/express/tracking.html?AWB=${number}`,
  'canada post': (number) => `https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=${number}`,
  'royal mail': (number) => `https://www.royalmail.com/track-your-item#/tracking-results/${number}`,
  'swiss post': (number) => `https://service.post.ch/ekp-web/ui/entry/search/${number}`,
  dpd: (number) => `https://tracking.dpd.de/status/en_US/parcel/${number}`,
  gls: (number) => `https://gls-group.eu/EU/en/parcel-tracking?match=${number}`,
};

/** The carrier's page for a parcel; null when the carrier has none that we know. */
export const trackingUrlOf = (carrier: string, trackingNumber: string): string | null =>
  pages[carrier.trim().toLowerCase()]?.(encodeURIComponent(trackingNumber)) ?? null;

import { json } from '@mercato/environment';
import { z } from 'zod';

/**
 * What is done with documents outside the manifests:
 * `off`: nothing; `audit`: each is logged once; `only`: refused; `ids`: documents are named by id, texts are refused.
 */
export type SafelistMode = 'off' | 'audit' | 'only' | 'ids';

/** Who sends documents; proven by their credential, unlike a client's name in a header. */
export type SenderKind = 'guest' | 'customer' | 'partner' | 'staff';

/** One client's manifest, and for whom it counts. */
export interface ManifestSettings {
  readonly file: string;
  /** Whose requests may name its documents; everyone's unless set. */
  readonly for?: readonly SenderKind[] | undefined;
  /** `off` unless set. Where several count for someone, the strictest holds, and the documents of all are known. */
  readonly mode?: SafelistMode | undefined;
}

/** The manifests by the name of their client, such as `storefront`. */
export type TrustedDocumentsOptions = Readonly<Record<string, ManifestSettings>>;

const manifest = z.strictObject({
  file: z.string().min(1),
  for: z.array(z.enum(['guest', 'customer', 'partner', 'staff'])).optional(),
  mode: z.enum(['off', 'audit', 'only', 'ids']).optional(),
});

/** A file alone is a manifest whose documents may be named by anyone. */
const fromFile = (value: unknown) => (typeof value === 'string' ? { file: value } : value);

/** Settings of the router about documents. */
export const trustedDocumentsVariables = {
  TRUSTED_DOCUMENTS: json(z.record(z.string(), z.preprocess(fromFile, manifest)))
    .optional()
    .describe(
      'JSON such as {"storefront": {"file": "documents/storefront.json", "for": ["guest", "customer"], "mode": "only"}}',
    ),
};

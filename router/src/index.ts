export { connectEntityCache } from './caching/entity-cache/settings.ts';
export {
  authorizationOf,
  documentSettingsOf,
  entityCacheSize,
  issuersOf,
  limitsOf,
  metricsOf,
  schemaSettingsOf,
} from './environment.ts';
export { type ApiKeys, openApiKeys } from './identity/api-keys/api-keys.ts';
export type { Client } from './identity/client.ts';
export { clientTokenIssuer, developmentIdentity } from './identity/development.ts';
export { createIdentity, type Identity } from './identity/identity.ts';
export { authorizationServersOf } from './identity/settings.ts';
export type { TrustedIssuer } from './identity/tokens/issuer.ts';
export type { RequestLimits, RouterOptions, Timeouts } from './options.ts';
export { createRouter, type Router } from './router.ts';
export { connectSchema } from './schema-lifecycle/connect-schema.ts';
export { readyByHealth, readyByQuery } from './subgraphs/readiness.ts';
export { issueToken, type TokenRequest } from './token.ts';

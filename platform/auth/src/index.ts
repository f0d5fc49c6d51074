export { enforceAuthorization } from './enforce.ts';
export {
  generateKey,
  loadOrCreateKeys,
  type PrivateKey,
  type PublicKey,
  privateKeySchema,
  type ServiceKeys,
  trustedKeysSchema,
} from './keys.ts';
export {
  declaredPolicies,
  type PolicyDeclarations,
  type PolicyEvaluator,
  policiesNeeded,
  policyDeclarationsSchema,
} from './policies.ts';
export { createViewerSigner, type ViewerSigner } from './signer.ts';
export { createViewerVerifier, type ViewerVerifier } from './verifier.ts';
export {
  forbidden,
  guest,
  hasScopes,
  isService,
  type RequiredScopes,
  requireScopes,
  scopesNeeded,
  unauthenticated,
  type Viewer,
  type ViewerKind,
} from './viewer.ts';

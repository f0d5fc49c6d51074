export type { Authorization, AuthorizationStatus, DeclineCode } from './authorization.ts';
export { createPaymentSandbox, type PaymentSandbox, type PaymentSandboxOptions } from './server.ts';

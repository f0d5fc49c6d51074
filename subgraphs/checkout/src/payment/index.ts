export * from './port.ts';
export { PaymentProviders } from './providers.ts';
export { sandboxProvider } from './sandbox/provider.ts';

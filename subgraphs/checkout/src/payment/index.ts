export * from './port.ts';
export { PaymentProviders, type ProviderChoice } from './providers.ts';
export { sandboxProvider } from './sandbox/provider.ts';

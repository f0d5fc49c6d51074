import type { PaymentProvider, PaymentProviderName } from './port.ts';

export type ProviderChoice =
  | { readonly kind: 'ok'; readonly provider: PaymentProvider }
  /** A sentence for the shopper's screen. */
  | { readonly kind: 'not-configured'; readonly message: string };

/** The providers that this shop has an account with. */
export class PaymentProviders {
  /** By their names as they are kept with payments. */
  readonly #providers: ReadonlyMap<string, PaymentProvider>;

  constructor(configured: Partial<Record<PaymentProviderName, PaymentProvider>>) {
    const names: readonly PaymentProviderName[] = ['SANDBOX', 'STRIPE'];
    this.#providers = new Map(
      names.flatMap((name) => {
        const provider = configured[name];
        return provider ? [[name, provider] as const] : [];
      }),
    );
  }

  choose(name: PaymentProviderName): ProviderChoice {
    const provider = this.#providers.get(name);
    if (provider) return { kind: 'ok', provider };

    const others = [...this.#providers.keys()];
    const fix = others.length > 0 ? `Use ${others.join(' or ')}.` : 'No payment provider is configured.';
    return {
      kind: 'not-configured',
      message: `Payment provider ${name} is not configured in this shop. ${fix}`,
    };
  }

  /** The one that a payment was begun with. @throws Error when the shop no longer has it */
  of(payment: { readonly provider: string }): PaymentProvider {
    const provider = this.#providers.get(payment.provider);
    if (!provider) throw new Error(`The payment provider ${payment.provider} is not configured.`);
    return provider;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#providers.values()].map((provider) => provider.close()));
  }
}

import type { PaymentProvider, PaymentProviderName } from './port.ts';

export type ProviderChoice =
  | { readonly kind: 'ok'; readonly provider: PaymentProvider }
  /** A sentence for the shopper's screen, and the offending field within the mutation's input. */
  | { readonly kind: 'invalid-input'; readonly message: string; readonly path: readonly string[] };

/** The providers that this shop has an account with. */
export class PaymentProviders {
  readonly #providers: ReadonlyMap<PaymentProviderName, PaymentProvider>;

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
      kind: 'invalid-input',
      message: `Payment provider ${name} is not configured in this shop. ${fix}`,
      path: ['input', 'payment', 'provider'],
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#providers.values()].map((provider) => provider.close()));
  }
}

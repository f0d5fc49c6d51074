import { join } from 'node:path';
import type { LaunchOptions } from './environment.ts';
import { readOrCreateSecret } from './secrets.ts';

/** Third parties as the services see them: addresses and credentials, of the real one or of a stand-in. */
export interface ThirdPartyAddresses {
  readonly hygraph: { readonly endpoint: string; readonly token: string | undefined };
  readonly paymentSandbox: { readonly url: string; readonly apiKey: string };
}

/** A stand-in for each third party that the options do not name. */
export interface StandIns {
  readonly content: { readonly port: number } | undefined;
  readonly payments: { readonly port: number; readonly apiKey: string; readonly dataFile: string } | undefined;
}

export type StandInPorts = { readonly content: number; readonly payments: number };

/** Ports of the stand-ins, counted from the router's. */
export const standInPortOffsets: StandInPorts = { content: 100, payments: 200 };

export function neededStandIns(options: LaunchOptions, ports: StandInPorts): StandIns {
  return {
    content: options.hygraph ? undefined : { port: ports.content },
    payments: options.paymentSandbox
      ? undefined
      : {
          port: ports.payments,
          apiKey: readOrCreateSecret(join(options.dataDir, 'keys', 'payment-sandbox')),
          dataFile: join(options.dataDir, 'payment-sandbox.jsonl'),
        },
  };
}

/** Where the services find the third parties: those of the options, else the stand-ins. */
export function thirdPartyAddresses(options: LaunchOptions, { content, payments }: StandIns): ThirdPartyAddresses {
  return {
    hygraph: options.hygraph ?? {
      endpoint: `http://${options.host}:${content?.port}/v2/mercato/master`,
      token: undefined,
    },
    paymentSandbox: options.paymentSandbox ?? {
      url: `http://${options.host}:${payments?.port}`,
      apiKey: payments?.apiKey ?? '',
    },
  };
}

import type { ThirdPartyAddresses } from '../stand-ins.ts';
import type { ServiceProcess } from './service-process.ts';

/** The whole supergraph, running. */
export interface RunningTopology {
  /** Base address of the router. */
  readonly url: string;
  /** The processes by name, such as `inventory`, `inventory-worker` and `router`; none when there is only this one. */
  readonly services: ReadonlyMap<string, ServiceProcess>;
  /** Where the services find the content of Hygraph and the card processor. */
  readonly thirdParties: ThirdPartyAddresses;
  /** Puts the example shop in, domain by domain; a second time changes nothing. */
  seed(signal?: AbortSignal): Promise<void>;
  /** Stops taking requests, finishes what runs, closes connections. */
  stop(): Promise<void>;
}

import { readEnvironment } from '@mercato/environment';
import { serviceVariables } from '@mercato/subgraph-server';

/** @throws EnvironmentError */
export const readShippingEnvironment = () => readEnvironment({ ...serviceVariables });

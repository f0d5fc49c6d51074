import { postgresUrl, readEnvironment } from '@mercato/environment';
import { serviceVariables } from '@mercato/subgraph-server';

/** @throws EnvironmentError */
export const readCartEnvironment = () => readEnvironment({ ...serviceVariables, DATABASE_URL: postgresUrl() });

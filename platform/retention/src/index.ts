export { dropOldRows } from './job.ts';
export { type Retained, type Retention, retention } from './retention.ts';

export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { currentTrace, newTrace, runInTrace, type Trace, traceFromHeaders, traceHeaders } from './trace.ts';

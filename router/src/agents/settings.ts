import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The tools that come with the router. */
export const committedTools = fileURLToPath(new URL('../../agents', import.meta.url));

/** Settings of the router about agents. */
export const agentVariables = {
  AGENT_TOOLS: z
    .string()
    .min(1)
    .optional()
    .describe('a folder of .graphql files, one operation each with a comment above, or "off"'),
};

/** The folders in which the system looks for programs. */
export const searchPath = (): string => process.env.PATH ?? '';

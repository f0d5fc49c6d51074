/** Where real catalogs lie, outside the repository. */
export const sampleDataFolder = (): string | undefined => process.env.MERCATO_SAMPLE_DATA || undefined;

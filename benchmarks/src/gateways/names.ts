export const operationNames = ['nested'] as const;

export type OperationName = (typeof operationNames)[number];

export const gatewayNames = ['ours', 'stock', 'hive', 'hive-rust'] as const;

export type GatewayName = (typeof gatewayNames)[number];

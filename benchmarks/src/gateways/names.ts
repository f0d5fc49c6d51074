export const operationNames = ['nested', 'list', 'page'] as const;

export type OperationName = (typeof operationNames)[number];

export const gatewayNames = ['ours', 'stock', 'hive', 'hive-rust'] as const;

export type GatewayName = (typeof gatewayNames)[number];

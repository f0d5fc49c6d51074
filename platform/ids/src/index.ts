export { isSecretId, secretId } from './secret-id.ts';
export { type IdPrefix, isId, newId, type TypedId } from './typed-id.ts';

/** Lines of a cart at most. */
export const maxLines = 100;

/** Units of one sku at most. */
export const maxQuantity = 999;

/** Discount codes of a cart at most. */
export const maxDiscountCodes = 10;

/** Days that a cart is kept after its last change. */
export const keptDays = 30;

/** Currency of carts that name none. */
export const shopCurrency = 'USD';

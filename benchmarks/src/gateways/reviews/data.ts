/** What the published gateway benchmark's subgraphs hold, in numbers and in sizes: the words are others. */

export interface User {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly birthday: number;
}

const userOf = (id: string, name: string, username: string): User => ({ id, name, username, birthday: 1_234_567_890 });

export const users: readonly User[] = [
  userOf('1', 'Ada Lovelace', 'ada'),
  userOf('2', 'Grace Hopper', 'gracehopper'),
  userOf('3', 'Edsger Dijkstra', 'edsgerdijkstra'),
  userOf('4', 'Barbara Liskov', 'bliskov'),
  userOf('5', 'Tony Hoare', 'tonyhoare'),
  userOf('6', 'Frances Allen', 'fran'),
];

export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
}

const productOf = (upc: string, name: string, price: number, weight: number, inStock: boolean): Product => ({
  upc,
  name,
  price,
  weight,
  inStock,
});

export const products: readonly Product[] = [
  productOf('1', 'Table', 899, 100, true),
  productOf('2', 'Couch', 1_299, 1_000, false),
  productOf('3', 'Glass', 15, 20, false),
  productOf('4', 'Chair', 499, 100, false),
  productOf('5', 'Mirror', 1_299, 1_000, true),
  productOf('6', 'Lamp', 6_999, 300, true),
  productOf('7', 'Grill', 3_999, 2_000, true),
  productOf('8', 'Fridge', 100_000, 6_000, false),
  productOf('9', 'Sofa', 9_999, 800, true),
];

export interface Review {
  readonly id: string;
  readonly body: string;
  readonly upc: string;
}

const praise =
  'It came in time, it was easily put together, and nobody in this house wants to be without it any more. ';

const reviewOf = (id: number, upc: string, length: number): Review => ({
  id: String(id),
  upc,
  body: `Review ${id}. ${praise.repeat(10)}`.slice(0, length),
});

export const reviews: readonly Review[] = [
  reviewOf(1, '1', 445),
  reviewOf(2, '1', 295),
  reviewOf(3, '1', 275),
  reviewOf(4, '1', 145),
  reviewOf(5, '2', 445),
  reviewOf(6, '2', 295),
  reviewOf(7, '2', 275),
  reviewOf(8, '2', 145),
  reviewOf(9, '3', 145),
  reviewOf(10, '4', 145),
  reviewOf(11, '4', 840),
];

/** All are of the same author, and everybody wrote the same two: this is where entities meet again and again. */
export const author = users[0] ?? { id: '1', username: 'ada' };
export const reviewsOfUser = reviews.slice(0, 2);

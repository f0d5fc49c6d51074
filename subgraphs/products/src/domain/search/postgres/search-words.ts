const mostWords = 10;
const longestWord = 40;

/** The words of what somebody typed: letters and digits, in lower case, as far as they matter. */
export const searchWords = (text: string): string[] =>
  (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  )
    .slice(0, mostWords)
    .map((word) => word.slice(0, longestWord));

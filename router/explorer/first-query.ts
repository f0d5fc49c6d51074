/** What the explorer shows before anything was typed. */
export const firstQuery = `# Welcome to Mercato.
# Ctrl-Enter (⌘-Enter) runs the query.
#
# The back office wants a token. Run, in a shell,
#   npm run -s token -- --scope catalog:read
# and put what it prints under Headers, below:
#   { "authorization": "Bearer …" }

query FirstLook {
  products(first: 5) {
    totalCount
    nodes {
      handle
      title
      priceRange {
        min {
          amount
          currency
        }
      }
      availability {
        status
      }
    }
  }
}
`;

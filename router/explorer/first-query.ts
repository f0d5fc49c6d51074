/** What the explorer shows before anything was typed. */
export const firstQuery = `# Welcome to Mercato. Press Ctrl-Enter (⌘-Enter) to run the query.
# Back office operations want a token: run
#   npm run -s token -- --scope catalog:read --scope catalog:write
# and set {"authorization": "Bearer …"} under Headers below.

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

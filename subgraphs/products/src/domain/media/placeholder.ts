/** Name of the picture that stands in where none is stored. */
export const placeholderKey = 'placeholder.svg';

/** A frame with a hill and a sun, in the shop's quiet colours. */
export const placeholderPicture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" width="800" height="800" role="img" aria-label="No picture yet">
  <rect width="800" height="800" fill="#f1ede6"/>
  <g fill="none" stroke="#b9ae9c" stroke-width="14" stroke-linejoin="round" stroke-linecap="round">
    <rect x="220" y="250" width="360" height="300" rx="18"/>
    <circle cx="320" cy="345" r="34"/>
    <path d="M232 520 350 418l76 66 62-54 80 78"/>
  </g>
</svg>
`;

/** Says to the page's developer what is wrong and what helps. Nothing of the loader throws into the page. */
export const complain = (message: string) => console.error("Deskbell:", message);

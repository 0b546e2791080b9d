/** `Array.prototype.at(-1)`, which Chrome 87 and Safari 14 have not got. */
export const last = <Item>(of: readonly Item[]): Item | undefined => of[of.length - 1];

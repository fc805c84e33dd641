/** Numbers the questions that open a dialog, some of them only once the core has answered. */
let last = 0;

/**
 * To be called when something is asked that a dialog will answer to, and whenever one opens. The
 * answer tells whether nothing was asked since: what is late must not come over what is newer.
 */
export function asking(): () => boolean {
  last += 1;
  const turn = last;
  return () => turn === last;
}

/** Where a movement key leads from a row; `null` for any other key. */
export function moveFor(
  key: string,
  at: { lead: number; count: number; page: number },
): number | null {
  const last = at.count - 1;
  const to = (row: number) => Math.max(0, Math.min(last, row));
  switch (key) {
    case "ArrowUp":
      return to(at.lead - 1);
    case "ArrowDown":
      return to(at.lead + 1);
    case "PageUp":
      return to(at.lead - at.page);
    case "PageDown":
      return to(at.lead + at.page);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

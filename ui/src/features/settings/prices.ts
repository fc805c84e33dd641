import type { CopyPlan, PriceTable } from "$ipc";

const GIB = 1024 ** 3;
const REQUESTS_PER_PRICE = 10_000;

/** The prices the user gave for an account; `null` if none. */
export function pricesOf(tables: readonly PriceTable[], account: string): PriceTable | null {
  return tables.find((table) => table.account === account) ?? null;
}

/**
 * What a plan costs by a table: its requests, and its bytes where they go to another region.
 * Storage is left out: it is charged by the month, not by the copy.
 */
export function costOfPlan(
  plan: Pick<CopyPlan, "bytes" | "write_requests" | "read_requests">,
  prices: PriceTable,
  crossesRegions: boolean,
): number {
  const requests = plan.write_requests * prices.writes + plan.read_requests * prices.reads;
  const transfer = crossesRegions ? (plan.bytes / GIB) * prices.transfer : 0;
  return requests / REQUESTS_PER_PRICE + transfer;
}

/** What so many bytes cost each month they stay. */
export function costOfStorage(bytes: number, prices: PriceTable): number {
  return (bytes / GIB) * prices.storage;
}

/** `¥ 0.04`: two digits, more for less than a cent; below a hundredth of one `< 0.0001`. */
export function money(amount: number, currency: string, locale: string): string {
  const fraction = amount > 0 && amount < 0.01 ? 4 : 2;
  const tiny = 10 ** -4;
  const shown = amount > 0 && amount < tiny ? tiny : amount;
  const digits = new Intl.NumberFormat(locale, {
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  }).format(shown);
  return `${amount > 0 && amount < tiny ? "< " : ""}${currency} ${digits}`;
}

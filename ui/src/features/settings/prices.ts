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
  plan: Pick<CopyPlan, "bytes" | "write_requests" | "read_requests" | "crosses_regions">,
  prices: PriceTable,
): number {
  const requests = plan.write_requests * prices.writes + plan.read_requests * prices.reads;
  const transfer = plan.crosses_regions ? (plan.bytes / GIB) * prices.transfer : 0;
  return requests / REQUESTS_PER_PRICE + transfer;
}

/** Something that is billed and that no price of the table covers. */
export type Extra =
  | { kind: "traffic"; bytes: number }
  /** Copies in a class that is billed for some days at least. */
  | { kind: "minimum"; class: string; bytes: number; days: number }
  /** Bytes read out of a class that charges for it. */
  | { kind: "reading"; class: string; bytes: number };

/** What a plan costs beyond `costOfPlan`: by the storage classes, one line for each. */
export function extrasOf(
  plan: Pick<CopyPlan, "bytes" | "classes" | "crosses_regions">,
  prices: PriceTable | null,
): Extra[] {
  const extras: Extra[] = [];
  const add = (extra: Exclude<Extra, { kind: "traffic" }>) => {
    const known = extras.find(
      (one) => one.kind === extra.kind && "class" in one && one.class === extra.class,
    );
    if (known) known.bytes += extra.bytes;
    else extras.push(extra);
  };
  if (plan.crosses_regions && !prices?.transfer)
    extras.push({ kind: "traffic", bytes: plan.bytes });
  for (const { source, bytes } of plan.classes.filter((one) => one.billed_reads)) {
    add({ kind: "reading", class: source, bytes });
  }
  for (const { copies, bytes, minimum_days } of plan.classes) {
    if (minimum_days > 0) add({ kind: "minimum", class: copies, bytes, days: minimum_days });
  }
  return extras;
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

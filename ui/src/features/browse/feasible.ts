import type { AccountView } from "$ipc";
import { providerOf } from "./address";

/**
 * Why a server-side copy between two accounts cannot be, before anything is asked of a server:
 * another provider, or the same wire spoken by another service.
 */
export type Obstacle = "provider" | "service";

export function obstacleBetween(source: AccountView, destination: AccountView): Obstacle | null {
  if (providerOf(source.dialect) !== providerOf(destination.dialect)) return "provider";
  return serviceOf(source) === serviceOf(destination) ? null : "service";
}

/** Services whose regions reach each other; any other host stands for itself. */
const SERVICES = [
  /\.myqcloud\.com$|\.tencentcos\.cn$/,
  /\.amazonaws\.com$/,
  /\.amazonaws\.com\.cn$/,
  /\.myhuaweicloud\.com$/,
  /\.myhuaweicloud\.eu$/,
  /\.otc\.t-systems\.com$/,
];

function serviceOf(account: AccountView): string {
  const host = account.endpoint
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/\/.*$/, "");
  const name = host.replace(/:\d+$/, "");
  return SERVICES.find((service) => service.test(name))?.source ?? host;
}

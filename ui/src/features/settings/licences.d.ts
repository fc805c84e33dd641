declare module "virtual:licences" {
  /** What the page is made of, as the build read it from package-lock.json. */
  export const packages: readonly { name: string; version: string; licence: string }[];
}

/** Which units bytes are shown in: MiB of 1024 or MB of 1000. Texts on screen follow at once. */
export const units = $state({ decimal: false });

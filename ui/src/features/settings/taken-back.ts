type Values = Record<string, unknown>;

/**
 * What takes a change back: of what was changed the values before, and of everything else in the
 * same settings those of now, for that may have been changed since.
 */
export function takenBack<Whole extends object>(
  changed: Partial<Whole>,
  before: Whole,
  now: Whole,
): Partial<Whole> {
  const back: Values = {};
  for (const name of Object.keys(changed)) {
    back[name] = backOf((changed as Values)[name], (before as Values)[name], (now as Values)[name]);
  }
  return back as Partial<Whole>;
}

function backOf(changed: unknown, before: unknown, now: unknown): unknown {
  if (!isGroup(changed) || !isGroup(before) || !isGroup(now)) return before;
  const back: Values = { ...now };
  for (const name of new Set([...Object.keys(changed), ...Object.keys(before)])) {
    if (JSON.stringify(changed[name]) === JSON.stringify(before[name])) continue;
    if (name in before) back[name] = before[name];
    else delete back[name];
  }
  return back;
}

function isGroup(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

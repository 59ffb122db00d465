type Plain = Record<string, unknown>;

/**
 * Of two states of an object, the former values of what differs: field by field within objects, lists whole. Null when
 * they are equal.
 */
export function difference(before: unknown, after: unknown): Plain | null {
  if (!isPlain(before) || !isPlain(after)) return null;
  const changed: Plain = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    changed[key] = (isPlain(was) && isPlain(is) && difference(was, is)) || (was ?? null);
  }
  return Object.keys(changed).length > 0 ? changed : null;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names that hidden fields had in pages which are still open in a browser after an upgrade. */
const FORMER_NAMES = new Map([
  ['once', 'submission'],
  ['seen', 'version'],
]);

/** A body with its hidden fields by their present names. */
export function withPresentNames(body: unknown): Readonly<Record<string, unknown>> {
  const given = Object.entries((body ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(given.map(([name, value]) => [FORMER_NAMES.get(name) ?? name, value]));
}

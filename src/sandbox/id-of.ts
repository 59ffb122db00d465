/** The id of what may have been expanded. */
export function idOf(value: string | { readonly id: string }): string {
  return typeof value === 'string' ? value : value.id;
}

/** As `idOf`, for what may be absent. */
export function idOrNull(value: string | { readonly id: string } | null | undefined): string | null {
  return value === null || value === undefined ? null : idOf(value);
}

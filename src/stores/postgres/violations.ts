/** Did Postgres refuse it because a row is still referred to by another? (SQLSTATE 23503, Prisma's P2003) */
export function isReferredTo(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2003';
}

/** Did Postgres refuse it because there is such a row already? (SQLSTATE 23505, Prisma's P2002) */
export function isTwice(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002';
}
